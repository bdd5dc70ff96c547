//! The fold: whatever was decided, replaying the log gives the state, and compacting the log at any
//! point changes no answer. Histories are random; what is compared is what can be asked.

mod answers;
mod history;

use answers::{answers, dangling};
use history::{History, command};
use proptest::{collection::vec, prelude::*};

fn histories() -> impl Strategy<Value = Vec<(history::Act, u8)>> {
    vec((command(), any::<u8>()), 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn replaying_the_log_gives_the_state(acts in histories()) {
        let mut history = History::default();
        for (act, _) in acts {
            history.act(&act);
        }
        prop_assert_eq!(history.replayed(), history.state);
    }

    #[test]
    fn compaction_changes_no_answer(acts in histories()) {
        let mut history = History::default();
        for (act, compaction) in acts {
            history.act(&act);
            if compaction < 60 {
                history.compact(compaction);
                prop_assert_eq!(answers(&history.replayed()), answers(&history.state));
                history.restart();
            }
        }
    }

    #[test]
    fn nothing_refers_to_what_is_gone(acts in histories()) {
        let mut history = History::default();
        for (act, _) in acts {
            history.act(&act);
            prop_assert_eq!(dangling(&history.state), Vec::<String>::new(), "after {:?}", act);
        }
    }

    #[test]
    fn no_id_is_given_out_twice(acts in histories()) {
        let mut history = History::default();
        for (act, compaction) in acts {
            history.act(&act);
            if compaction < 60 {
                history.compact(compaction);
                history.restart();
            }
        }
        let mut texts = std::collections::HashMap::new();
        for (id, content) in &history.given {
            let first = texts.entry(id).or_insert_with(|| content.clone());
            prop_assert_eq!(first.hash, content.hash, "id {:?} has named two schemas", id);
        }
    }

    #[test]
    fn every_record_reads_back_as_it_was_written(acts in histories()) {
        let mut history = History::default();
        for (act, _) in acts {
            history.act(&act);
        }
        for entry in &history.log {
            let decoded = registry_core::record::Record::decode(&entry.key, entry.value.as_deref());
            let decoded = decoded.expect("our own record");
            prop_assert_eq!(decoded.encode(), (entry.key.clone(), entry.value.clone()));
        }
    }
}
