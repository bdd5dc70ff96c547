//! Every bound on what a schema text may ask for, each with its reason.
//! Nothing here is a matter of taste: an unbounded value is a way to stop the process from outside.

/// Bytes of one schema text. Offsets are kept in 32 bits; a record of `_schemas` is smaller by far.
pub const TEXT_SIZE_MAX: usize = 16 << 20;

/// Levels of nesting in a text that is read: the limit of Jackson, under which every schema that
/// the incumbent ever stored was read.
pub const DEPTH_MAX: usize = 1000;

/// Levels of nesting in a text that is written. A definition moves to its first use, so a flat text
/// may print deep; what prints deeper than this could not be read again.
pub const PRINT_DEPTH_MAX: usize = DEPTH_MAX;

/// JSON values and schema nodes of one schema with all its references.
pub const NODES_MAX: usize = 4 << 20;

/// Characters of one number and of one attribute name: Jackson's limits.
pub const NUMBER_LENGTH_MAX: usize = 1000;
/// See [`NUMBER_LENGTH_MAX`].
pub const KEY_LENGTH_MAX: usize = 50_000;

/// Steps spent on resolving names and on checking one default against one type. Both are linear
/// for schemas that people write; the bound is for those made to be slow.
pub const STEPS_MAX: usize = 20_000_000;

/// Pairs of nodes that one compatibility check may compare.
pub const PAIRS_MAX: usize = 2_000_000;

/// Steps of one compatibility check over those pairs.
pub const CHECK_STEPS_MAX: usize = 20_000_000;

/// Findings of one check. A type used twice reports its findings twice, so that a chain of such
/// uses doubles them at each link; beyond this many nobody reads on.
pub const FINDINGS_MAX: usize = 10_000;

/// Findings kept as the cause of one finding about a union, and how deep causes nest.
pub const CAUSES_MAX: usize = 64;
/// See [`CAUSES_MAX`].
pub const CAUSE_DEPTH_MAX: usize = 8;

/// Bytes of the names of all that is tagged in one schema: each field's begins with its record's,
/// so that together they may be as long as the square of the text.
pub const TAG_PATHS_SIZE_MAX: usize = TEXT_SIZE_MAX;

const _: () = assert!(TEXT_SIZE_MAX <= u32::MAX as usize);
const _: () = assert!(NODES_MAX <= u32::MAX as usize);
const _: () = assert!(PRINT_DEPTH_MAX <= DEPTH_MAX, "what is printed must be readable again");
