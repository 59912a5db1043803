//! One function per thing a user can ask. The CLI calls them today, a REST API and a web UI later, all alike.
//!
//! Knows neither how something was asked nor how the answer is shown.

mod apply;
mod bundle;
mod clouds;
mod destroy;
mod drift;
mod exec;
mod failure;
mod gpus;
mod graph;
mod haul;
mod hosts;
mod init;
mod load;
mod lock;
mod look;
mod offers;
mod plan;
mod render;
mod schema;
mod ssh;
mod stack;
mod state;
mod status;
mod validate;
mod verify;

pub use apply::{Applied, ApplyRequest, apply};
pub use bundle::{BundleReport, BundleRequest, bundle, check_bundle};
pub use destroy::destroy;
pub use drift::{Drifted, drift};
pub use exec::{ExecRequest, Executed, exec};
pub use failure::Failure;
pub use gpus::Unconfirmed;
pub use graph::graph;
pub use init::{Findings, InitError, InitReport, InitRequest, init};
pub use load::{Input, Loaded, load};
pub use lock::{LockReport, lock};
pub use offers::{Candidate, Offered, OffersRequest, offers};
pub use plan::{PlanRequest, Planned, plan};
pub use render::{RenderReport, render};
pub use schema::schema;
pub use ssh::ssh;
pub use stack::{
    Age, ListRequest, Listed, RefreshReport, ResolveRequest, Resolved, StackList, list as stack_list,
    refresh as stack_refresh, resolve as stack_resolve,
};
pub use state::{
    Change, Edited, Generation, History, Shown, StateList, forget as state_forget, history as state_history,
    list as state_list, pull as state_pull, push as state_push, rename as state_rename, restore as state_restore,
    show as state_show,
};
pub use status::{Status, StatusHost, StatusObject, StatusRequest, StatusResource, status};
pub use validate::{Validated, validate};
pub use verify::{Verified, verify};
