//! `aether stack`.

use super::{Context, Ending};
use crate::cli::args::{ResolveArguments, StackVerb};
use crate::cli::failure::Exit;
use crate::cli::views::{StackListView, StackRefreshView, StackResolveView};
use crate::workflows::{self, ListRequest, ResolveRequest, Resolved};

pub(super) fn stack(context: &Context<'_>, verb: Option<StackVerb>) -> Ending {
    match verb.unwrap_or(StackVerb::List { table: None }) {
        StackVerb::List { table } => list(context, &ListRequest { table, term: None }),
        StackVerb::Search { term } => list(context, &ListRequest { table: None, term: Some(term) }),
        StackVerb::Resolve(wishes) => resolve(context, *wishes),
        StackVerb::Refresh => {
            let report = workflows::stack_refresh(&context.world()?, &context.input())?;
            context.display.show(&StackRefreshView::from(report));
            Ok(Exit::Done)
        }
    }
}

fn list(context: &Context<'_>, request: &ListRequest) -> Ending {
    let list = workflows::stack_list(&context.world()?, request)?;
    context.display.show(&StackListView::from(list));
    Ok(Exit::Done)
}

/// Only a stack is a success; what is not known is no yes.
fn resolve(context: &Context<'_>, wishes: ResolveArguments) -> Ending {
    let request = ResolveRequest {
        gpu: wishes.gpu,
        architecture: wishes.architecture,
        system: wishes.system,
        python: wishes.python,
        driver: wishes.driver,
        modules: wishes.modules,
        variant: wishes.variant,
        image: wishes.image,
        is_pypi_only: wishes.pypi_only,
        pytorch: wishes.pytorch,
        torchvision: wishes.torchvision,
        torchaudio: wishes.torchaudio,
        tensorflow: wishes.tensorflow,
        jax: wishes.jax,
        numpy: wishes.numpy,
    };
    let resolved = workflows::stack_resolve(&context.world()?, &request)?;
    let is_answer = matches!(resolved, Resolved::Answer { .. });
    context.display.show(&StackResolveView::from(resolved));
    Ok(if is_answer { Exit::Done } else { Exit::Failed })
}
