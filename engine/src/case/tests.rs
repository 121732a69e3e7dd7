//! What the language says of promises, surveys and follow-ups, sentence by sentence.

mod afterwards;
mod causes;
pub(crate) mod desk;
pub(crate) mod diagnosis;
mod merge;
mod often;
mod promises;
mod random;
