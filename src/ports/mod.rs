//! What the world looks like from inside: traits and plain data. Holds no implementation and takes no decision.

mod artifact;
mod clock;
mod cloud;
mod files;
pub mod http;
mod interrupt;
mod large;
mod offer;
mod programs;
mod progress;
mod prompt;
mod provider;
mod remote;
mod setup;
mod state_store;
mod supply;
mod world;

pub use artifact::{Family, RenderError, Rendered, Templates};
pub use clock::Clock;
pub use cloud::{Cloud, CloudError, Clouds, Creation, Made};
pub use files::{Files, FilesError};
pub use http::{ByteRange, Head, Http, HttpError, Request, Response};
pub use interrupt::Interrupt;
pub use large::{Contents, Draft, LargeFiles};
pub use offer::{Offer, Offers};
pub use programs::{Invocation, Output, ProgramError, Programs};
pub use progress::{Moment, ObjectMoment, Progress, Quiet};
pub use prompt::{Prompt, PromptError};
pub use provider::{Lowered, Provider};
pub use remote::{Dialer, Ending, HostKeyPolicy, Remote, RemoteError};
pub use setup::{MakeWorld, Setup};
pub use state_store::{Held, StateStore, StoreError};
pub use supply::{Supply, SupplyError, Wants};
pub use world::{PackageSettings, World};
