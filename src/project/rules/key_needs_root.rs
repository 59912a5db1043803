//! A key asks for system packages on hosts where Aether may not install any.

use super::World;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
use crate::project::DriverWish;
use crate::project::software::driver;
use crate::project::world::Place;

/// The rule. A driver that is only kept needs nobody's leave.
pub(super) fn check(world: &World<'_>, diagnostics: &mut Diagnostics) {
    for place in world.places().filter(|place| !place.is_managed()) {
        let is_known = world.providers.iter().any(|known| known.provider == place.provider.value);
        for (key, span) in place.gpu_keys().filter(|(key, _)| is_known && !is_kept(&place, key)) {
            diagnostics.push(problem(&place, key, span));
        }
    }
}

fn is_kept(place: &Place<'_>, key: &str) -> bool {
    let wish = place.software.driver.as_ref().and_then(|text| driver(&text.value));
    key == "driver" && wish == Some(DriverWish::Keep)
}

fn problem(place: &Place<'_>, key: &str, span: &Span) -> Diagnostic {
    let why = if place.provider.value == "local" {
        "on this machine Aether works without root".to_owned()
    } else {
        "`system_packages: false` leaves the system of these hosts alone".to_owned()
    };
    let problem = Diagnostic::error(&code::KEY_NEEDS_ROOT, span, format!("`{key}` asks for system packages"));
    problem.why(why).fix(match key {
        "driver" => "write `driver: keep`, or remove it: the driver that is there is used as it is".to_owned(),
        _ => format!("install it yourself and remove `{key}`, or set the host up over SSH as an administrator"),
    })
}
