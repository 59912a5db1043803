//! One object of a cloud: the intent, the call, the end. Whatever happens in between, the journal tells the next run.

use super::{RecordError, Recorder, StepResult};
use crate::converge::explain;
use crate::graph::{AttributeValue, Attributes};
use crate::plan::{Action, CloudStep};
use crate::ports::{Clock, Cloud, CloudError, Clouds, Creation, Interrupt, ObjectMoment, Progress};
use crate::state::{Entry, OpenIntent, RecordedObject, Verb};

/// Which half of a step: what is there goes, or what is wanted comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    /// Taken away.
    Go,
    /// Made, or changed where it stands.
    Come,
}

/// Does things to objects and writes them down.
pub struct Pen<'a> {
    /// The project that the objects are for.
    pub project: &'a str,
    /// Who keeps them.
    pub clouds: &'a Clouds,
    /// Where it is written down.
    pub recorder: &'a Recorder<'a>,
    /// Time.
    pub clock: &'a dyn Clock,
    /// Whether to stop.
    pub interrupt: &'a Interrupt,
    /// Who listens.
    pub progress: &'a dyn Progress,
}

/// Why a step did not end as planned.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error(transparent)]
    Cloud(#[from] CloudError),
    #[error(transparent)]
    Record(#[from] RecordError),
}

/// What is being done, for who waits.
fn doing(action: Action, deed: Deed) -> &'static str {
    match (action, deed) {
        (Action::Adopt | Action::Forget, _) => "being recorded",
        (_, Deed::Go) => "being taken away",
        (Action::Update, Deed::Come) => "being changed",
        (_, Deed::Come) => "being made",
    }
}

impl Pen<'_> {
    /// Carries out one half of a step; its end, and what to do about a bad one.
    pub(super) fn carry_out(&self, step: &CloudStep, deed: Deed) -> (StepResult, Option<String>) {
        self.progress.object(&step.address, ObjectMoment::Begun(doing(step.action, deed)));
        let done = self.adopt(step).map_err(Trouble::Record).and_then(|()| match (step.action, deed) {
            (Action::Forget, _) => Ok(self.end(step, None)?),
            (Action::Adopt, _) => Ok(self.end(step, step.id.as_deref())?),
            (_, Deed::Go) => self.delete(step),
            (Action::Update, Deed::Come) => self.update(step),
            (_, Deed::Come) => self.create(step),
        });
        let failure = done.as_ref().err().map(|trouble| explain(trouble));
        self.progress.object(&step.address, ObjectMoment::Ended { failure });
        match done {
            Ok(()) => (StepResult::Done, None),
            Err(trouble) => {
                let fix = if let Trouble::Cloud(error) = &trouble { error.fix() } else { None };
                (StepResult::Failed(explain(&trouble)), fix)
            }
        }
    }

    /// An object that a killed run has made, and that only its intent tells of, is recorded before anything is done to it.
    fn adopt(&self, step: &CloudStep) -> Result<(), RecordError> {
        let state = self.recorder.state();
        let recorded = state.objects.contains_key(&step.address);
        let (Some(id), Some(intent), false) = (&step.id, state.open.get(&step.address).cloned(), recorded) else {
            return Ok(());
        };
        drop(state);
        let OpenIntent { attributes, needs, .. } = intent;
        let object = RecordedObject { id: id.clone(), attributes, needs, applied: self.clock.now() };
        self.outcome(step, Some(object))
    }

    fn create(&self, step: &CloudStep) -> Result<(), Trouble> {
        let state = self.recorder.state();
        let was_made = state.open.get(&step.address).is_some_and(|intent| intent.id.is_some());
        drop(state);
        if was_made {
            // What that attempt made is gone: its token is used up.
            self.outcome(step, None)?;
        }
        let token = self.recorder.state().token(&step.address);
        self.intend(step, Verb::Create, &token)?;
        let attributes = self.resolved(&step.attributes);
        let owner = self.recorder.state().lineage.clone();
        let (address, project) = (step.address.clone(), self.project.to_owned());
        let creation = Creation { address, project, owner, token, attributes };
        let mut id = None;
        let made = self.cloud(step)?.create(&creation, &mut |new| {
            id = Some(new.to_owned());
            let entry = Entry::CloudMade { address: step.address.clone(), id: new.to_owned() };
            self.recorder.record(vec![entry]).map_err(|error| CloudError::Unrecorded(Box::new(error)))
        });
        match made {
            Ok(()) => Ok(self.end(step, id.as_deref())?),
            Err(error) if error.is_refusal() && id.is_none() => {
                self.outcome(step, None)?;
                Err(error.into())
            }
            // The intent stays open: the next run finds out what became of it.
            Err(error) => Err(error.into()),
        }
    }

    fn update(&self, step: &CloudStep) -> Result<(), Trouble> {
        let before = self.recorder.state().objects.get(&step.address).cloned();
        let id = step.id.as_deref().expect("a plan names the object that it changes");
        self.intend(step, Verb::Update, "")?;
        let is_changed = |name: &String| step.changes.iter().any(|change| change.name == *name);
        let changed = self.resolved(&step.attributes).into_iter().filter(|(name, _)| is_changed(name)).collect();
        let done = self.cloud(step)?.update(&step.address, id, &changed);
        self.close(step, done, before, Some(id))
    }

    fn delete(&self, step: &CloudStep) -> Result<(), Trouble> {
        let before = self.recorder.state().objects.get(&step.address).cloned();
        let id = step.id.as_deref().expect("a plan names the object that it takes away");
        self.intend(step, Verb::Delete, "")?;
        let done = self.cloud(step)?.delete(&step.address, id);
        self.close(step, done, before, None)
    }

    /// Writes the end of a call down: a refusal leaves what was there, and no answer leaves the intent open.
    fn close(
        &self,
        step: &CloudStep,
        done: Result<(), CloudError>,
        before: Option<RecordedObject>,
        id: Option<&str>,
    ) -> Result<(), Trouble> {
        match done {
            Ok(()) => Ok(self.end(step, id)?),
            Err(error) if error.is_refusal() => {
                self.outcome(step, before)?;
                Err(error.into())
            }
            Err(error) => Err(error.into()),
        }
    }

    fn cloud(&self, step: &CloudStep) -> Result<&dyn Cloud, CloudError> {
        let provider = &step.address.provider;
        let cloud = self.clouds.get(provider).map(AsRef::as_ref);
        cloud.ok_or_else(|| CloudError::NotBuilt { provider: provider.clone() })
    }

    fn intend(&self, step: &CloudStep, verb: Verb, token: &str) -> Result<(), RecordError> {
        let (attributes, needs) = (step.attributes.clone(), step.needs.clone());
        let intent =
            OpenIntent { verb, token: token.to_owned(), id: step.id.clone(), attributes, needs, at: self.clock.now() };
        let intent = OpenIntent { id: intent.id.filter(|_| verb != Verb::Create), ..intent };
        self.recorder.record(vec![Entry::CloudIntent { address: step.address.clone(), intent: Box::new(intent) }])
    }

    /// As wanted under that id, or gone.
    fn end(&self, step: &CloudStep, id: Option<&str>) -> Result<(), RecordError> {
        let recorded = id.map(|id| RecordedObject {
            id: id.to_owned(),
            attributes: step.attributes.clone(),
            needs: step.needs.clone(),
            applied: self.clock.now(),
        });
        self.outcome(step, recorded)
    }

    fn outcome(&self, step: &CloudStep, recorded: Option<RecordedObject>) -> Result<(), RecordError> {
        let address = step.address.clone();
        self.recorder.record(vec![Entry::CloudOutcome { address, recorded: recorded.map(Box::new) }])
    }

    /// Attributes with the ids of what they refer to, all of which stands by now.
    fn resolved(&self, attributes: &Attributes) -> Attributes {
        let state = self.recorder.state();
        let value = |value: &AttributeValue| match value {
            AttributeValue::Reference(other) => {
                let object = state.objects.get(other).expect("what an object needs was made before it");
                AttributeValue::Text(object.id.clone())
            }
            value => value.clone(),
        };
        attributes.iter().map(|(name, own)| (name.clone(), value(own))).collect()
    }
}
