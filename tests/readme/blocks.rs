//! The fenced blocks of one section of a Markdown document.

/// What a block holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    /// Commands.
    Shell,
    /// What the commands before it print.
    Json,
}

/// One fenced block.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) language: Language,
    pub(crate) text: String,
}

/// The section's blocks, in order.
pub(crate) fn of_section(document: &str, heading: &str) -> Vec<Block> {
    let lines = document.lines().skip_while(|line| *line != heading).skip(1);
    let mut blocks: Vec<Block> = Vec::new();
    let mut inside = false;
    for line in lines {
        match (inside, line) {
            (false, line) if line.starts_with("## ") => break,
            (false, line) if line.starts_with("```") => {
                blocks.push(Block { language: language(line), text: String::new() });
                inside = true;
            }
            (false, _) => {}
            (true, "```") => inside = false,
            (true, line) => {
                let block = blocks.last_mut().expect("inside a block there is one");
                block.text.push_str(line);
                block.text.push('\n');
            }
        }
    }
    blocks
}

fn language(fence: &str) -> Language {
    match fence {
        "```sh" => Language::Shell,
        "```json" => Language::Json,
        other => panic!("the quick start has a block that is not run: {other}"),
    }
}
