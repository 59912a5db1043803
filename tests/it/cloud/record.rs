//! The record of objects of clouds by hand: listed, shown, forgotten, gone back to. The cloud is not asked.

use super::Story;
use crate::schemas::keeps;
use serde_json::Value;

const MACHINE: &str = "aws/eu-west-3/instance/trainers/0";

/// The answer of `state VERB …` as a document that keeps its schema.
fn document(story: &Story, arguments: &[&str]) -> Value {
    let text = story.says(&[&["state"][..], arguments, &["--json"]].concat(), 0);
    let document = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{arguments:?}: {error}\n{text}"));
    keeps(&format!("state-{}", arguments[0]), &document);
    document
}

#[test]
fn the_record_of_a_cloud_is_listed_shown_mended_and_gone_back_to() {
    let story = Story::in_region("eu-west-3");
    story.apply();
    let id = story.region.id("instance/trainers/0");
    let listed = story.says(&["state", "list"], 0);
    assert!(listed.contains(&format!("{MACHINE}  {id}  complete")), "{listed}");
    assert!(listed.contains("0 resources, 6 objects of clouds, serial 1"), "{listed}");
    assert_eq!(document(&story, &["list"])["objects"].as_array().map(Vec::len), Some(6));

    let shown = document(&story, &["show", MACHINE]);
    assert_eq!((shown["id"].as_str(), shown["open"].is_null()), (Some(id.as_str()), true), "{shown:#}");
    let shown = story.says(&["state", "show", MACHINE], 0);
    assert!(shown.contains("machine: t3.large") && shown.contains("goes before aws/eu-west-3/subnet/main"), "{shown}");
    let unknown = story.says(&["state", "show", "aws/eu-west-3/instance/trainers/1"], 64);
    assert!(unknown.contains(&format!("did you mean `{MACHINE}`?")), "{unknown}");

    let renamed = story.says(&["state", "mv", MACHINE, "aws/eu-west-3/instance/workers/0"], 64);
    assert!(renamed.contains("carries its address as a tag in its cloud"), "{renamed}");
    let forgotten = story.says(&["state", "rm", "aws/eu-west-3/instance"], 0);
    assert!(forgotten.contains(&format!("- {MACHINE} is forgotten; what stands stays")), "{forgotten}");
    assert!(story.says(&["plan"], 0).contains("plan: 1 to create"), "a machine that is forgotten is wanted again");

    document(&story, &["restore", "1"]);
    story.is_settled();
    let refused = story.says(&["state", "restore", "2"], 1);
    assert!(refused.contains(MACHINE), "{refused}");
    assert_eq!(document(&story, &["history"])["generations"][0]["objects"], 6);
    assert_eq!(story.region.id("instance/trainers/0"), id, "none of this touches the cloud");
}
