//! No message of the service has a field that could hold a person.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, ensure};
use prost::Message as _;
use prost_types::{DescriptorProto, FileDescriptorSet};

/// What a field for a person is called, or ends with.
const PEOPLE: [&str; 10] = [
    "person",
    "people",
    "actor",
    "principal",
    "proposer",
    "reviewer",
    "assignee",
    "agent",
    "staff",
    "customer",
];

/// The fields of all messages that requests and answers of a service are made of, with theirs.
fn fields(service: &str) -> anyhow::Result<Vec<String>> {
    let files = FileDescriptorSet::decode(heard_proto::FILE_DESCRIPTOR_SET)?;
    let mut messages: BTreeMap<String, &DescriptorProto> = BTreeMap::new();
    for file in &files.file {
        for message in &file.message_type {
            ensure!(
                message.nested_type.is_empty(),
                "look into {}",
                message.name()
            );
            messages.insert(format!(".{}.{}", file.package(), message.name()), message);
        }
    }
    let mut services = files.file.iter().flat_map(|file| &file.service);
    let service = services.find(|known| known.name() == service);
    let methods = &service.context("the service is there")?.method;
    let mut next: Vec<String> = methods
        .iter()
        .flat_map(|method| {
            [
                method.input_type().to_owned(),
                method.output_type().to_owned(),
            ]
        })
        .collect();
    let (mut seen, mut fields) = (BTreeSet::new(), Vec::new());
    while let Some(name) = next.pop() {
        if !seen.insert(name.clone()) {
            continue;
        }
        let message = messages.get(&name).with_context(|| format!("no {name}"))?;
        for field in &message.field {
            fields.push(field.name().to_owned());
            if field.r#type() == prost_types::field_descriptor_proto::Type::Message {
                next.push(field.type_name().to_owned());
            }
        }
    }
    Ok(fields)
}

fn is_of_a_person(field: &str) -> bool {
    PEOPLE
        .iter()
        .any(|person| field.split('_').any(|word| word == *person))
}

pub fn no_place() -> anyhow::Result<()> {
    let fields = fields("LearningService")?;
    ensure!(fields.len() > 100, "only {} fields", fields.len());
    let found: Vec<&String> = fields
        .iter()
        .filter(|field| is_of_a_person(field))
        .collect();
    ensure!(found.is_empty(), "{found:?}");
    // The same search finds the people of a service that needs to know who asks.
    let known = self::fields("CauseService")?;
    ensure!(known.iter().any(|field| is_of_a_person(field)));
    Ok(())
}
