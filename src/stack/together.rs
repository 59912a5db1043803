//! Frameworks side by side in one environment.

use super::table::{line, table};
use super::{Framework, Reason, Verdict, Wish};
use crate::diagnostic::code;
use pep440_rs::{Version, VersionSpecifier, VersionSpecifiers};

/// Whether all wishes can share one environment on hosts with an NVIDIA GPU.
///
/// Only torch beside `tensorflow[and-cuda]` is known to hurt: their CUDA libraries meet in the same folder, and no
/// installer looks at that. The resolver takes the newest release that will do, so a wish is refused as soon as one
/// release that it admits would be overwritten.
pub fn check_together(wishes: &[Wish]) -> Verdict {
    let find = |framework| wishes.iter().find(|wish| wish.framework == framework);
    let (Some(torch), Some(tensorflow)) = (find(Framework::Pytorch), find(Framework::Tensorflow)) else {
        return Verdict::Fits;
    };
    let torches: Vec<_> = admitted(torch).collect();
    let tensorflows: Vec<_> = admitted(tensorflow).collect();
    let (Some(newest_torch), Some(newest_tensorflow)) = (torches.first(), tensorflows.first()) else {
        return Verdict::Unknown(Reason::new(
            &code::FRAMEWORKS_COLLIDE,
            [
                "the tables do not say whether these releases of pytorch and tensorflow share an environment"
                    .to_owned(),
                "both bring CUDA libraries, and installers do not see when the files collide".to_owned(),
            ],
        ));
    };
    let outcomes = || torches.iter().flat_map(|torch| tensorflows.iter().map(|tf| meet(torch, tf)));
    if outcomes().any(|outcome| outcome == Meeting::Clean)
        && !outcomes().any(|outcome| matches!(outcome, Meeting::Overwritten(_)))
    {
        return Verdict::Fits;
    }
    Verdict::Refused(refusal(newest_torch, newest_tensorflow))
}

/// What becomes of one torch and one `tensorflow[and-cuda]` in one folder.
#[derive(Debug, PartialEq, Eq)]
enum Meeting {
    Clean,
    Overwritten(&'static str),
    Refused,
}

fn admitted(wish: &Wish) -> impl Iterator<Item = &'static Version> {
    table().versions(wish.framework).filter(|version| wish.specifiers.contains(version))
}

fn meet(torch: &Version, tensorflow: &Version) -> Meeting {
    let Some(pair) = table().pairs.iter().find(|pair| pair.tensorflow.contains(tensorflow)) else {
        return Meeting::Refused;
    };
    let among = |list: &[VersionSpecifiers]| list.iter().any(|specifiers| specifiers.contains(torch));
    match (among(&pair.clean), among(&pair.overwritten)) {
        (true, _) => Meeting::Clean,
        (_, true) => Meeting::Overwritten(&pair.libraries),
        _ => Meeting::Refused,
    }
}

/// Whether the two leave each other's files alone in one environment on GPU hosts.
pub(super) fn shares(torch: &Version, tensorflow: &Version) -> bool {
    meet(torch, tensorflow) == Meeting::Clean
}

/// Why the two cannot share an environment.
pub(super) fn refusal(torch: &Version, tensorflow: &Version) -> Reason {
    let collision = match meet(torch, tensorflow) {
        Meeting::Overwritten(libraries) => {
            format!(
                "both install {libraries} into the same folder, for different CUDA releases; one overwrites the other"
            )
        }
        _ => "their pins on the CUDA libraries exclude each other".to_owned(),
    };
    let pair =
        format!("pytorch {} and tensorflow[and-cuda] {} cannot share an environment", line(torch), line(tensorflow));
    Reason::new(&code::FRAMEWORKS_COLLIDE, [pair, collision])
        .or("two environments, one with `pytorch` and one with `tensorflow`,".to_owned())
        .or(clean_pair())
}

/// The newest tensorflow that works with a recent torch, as the two lines to write. A range without a lower end holds
/// only releases that are years old, and is no advice.
fn clean_pair() -> Option<String> {
    let (tensorflow, torch) = table().pairs.iter().find_map(|pair| {
        let recent = pair.clean.iter().find(|range| range.iter().any(VersionSpecifier::has_lower_bound));
        pair.tensorflow.last().zip(recent)
    })?;
    let torch = torch.to_string().replace(", ", ",");
    Some(format!("`tensorflow: \"{}\"` with `pytorch: \"{torch}\"`", line(tensorflow)))
}
