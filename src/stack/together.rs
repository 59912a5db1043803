//! Frameworks side by side in one environment.

use super::release::line;
use super::{Framework, Reason, Verdict, Wheels, Wish};
use crate::diagnostic::code;
use pep440_rs::{Version, VersionSpecifier, VersionSpecifiers};

/// Whether all wishes can share one environment on hosts with an NVIDIA GPU.
///
/// Only torch beside `tensorflow[and-cuda]` is known to hurt: their CUDA libraries meet in the same folder, and no
/// installer looks at that. The resolver takes the newest release that will do, so a wish is refused as soon as one
/// release that it admits would be overwritten.
pub fn check_together(wheels: &Wheels, wishes: &[Wish]) -> Verdict {
    let find = |framework| wishes.iter().find(|wish| wish.framework == framework);
    let (Some(torch), Some(tensorflow)) = (find(Framework::Pytorch), find(Framework::Tensorflow)) else {
        return Verdict::Fits;
    };
    let torches: Vec<_> = admitted(wheels, torch).collect();
    let tensorflows: Vec<_> = admitted(wheels, tensorflow).collect();
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
    let outcomes = || torches.iter().flat_map(|torch| tensorflows.iter().map(|tf| meet(wheels, torch, tf)));
    if outcomes().any(|outcome| outcome == Meeting::Clean)
        && !outcomes().any(|outcome| matches!(outcome, Meeting::Overwritten(_)))
    {
        return Verdict::Fits;
    }
    Verdict::Refused(refusal(wheels, newest_torch, newest_tensorflow))
}

/// What becomes of one torch and one `tensorflow[and-cuda]` in one folder.
#[derive(Debug, PartialEq, Eq)]
enum Meeting<'a> {
    Clean,
    Overwritten(&'a str),
    Refused,
}

fn admitted<'a>(wheels: &'a Wheels, wish: &Wish) -> impl Iterator<Item = &'a Version> {
    wheels.versions(wish.framework).filter(|version| wish.specifiers.contains(version))
}

fn meet<'a>(wheels: &'a Wheels, torch: &Version, tensorflow: &Version) -> Meeting<'a> {
    let Some(pair) = wheels.pairs.iter().find(|pair| pair.tensorflow.contains(tensorflow)) else {
        return Meeting::Refused;
    };
    let among = |list: &[VersionSpecifiers]| list.iter().any(|specifiers| specifiers.contains(torch));
    match (among(&pair.clean), among(&pair.overwritten)) {
        (true, _) => Meeting::Clean,
        (_, true) => Meeting::Overwritten(&pair.libraries),
        _ => Meeting::Refused,
    }
}

/// Why the two cannot share an environment.
pub(super) fn refusal(wheels: &Wheels, torch: &Version, tensorflow: &Version) -> Reason {
    let collision = match meet(wheels, torch, tensorflow) {
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
        .or(clean_pair(wheels))
}

/// The newest tensorflow that works with a recent torch, as the two lines to write. A range without a lower end holds
/// only releases that are years old, and is no advice.
fn clean_pair(wheels: &Wheels) -> Option<String> {
    let (tensorflow, torch) = wheels.pairs.iter().find_map(|pair| {
        let recent = pair.clean.iter().find(|range| range.iter().any(VersionSpecifier::has_lower_bound));
        pair.tensorflow.last().zip(recent)
    })?;
    let torch = torch.to_string().replace(", ", ",");
    Some(format!("`tensorflow: \"{}\"` with `pytorch: \"{torch}\"`", line(tensorflow)))
}
