//! Every question about one release that the tables can be asked. The benchmark walks it too.

use aether::stack::{Device, Framework, Python, Question, Wheels, specifier, tables};
use pep440_rs::{Version, VersionSpecifiers};

/// Every release by itself, as an exact wish.
fn releases() -> Vec<(Framework, VersionSpecifiers)> {
    let wheels = Wheels::embedded();
    let exact = |framework| {
        let wish = |version: &Version| specifier(&format!("=={version}")).expect("a version");
        wheels.versions(framework).map(move |version| (framework, wish(version))).collect::<Vec<_>>()
    };
    [exact(Framework::Pytorch), exact(Framework::Tensorflow)].concat()
}

fn wanting(framework: Framework, wish: &VersionSpecifiers) -> Question {
    match framework {
        Framework::Tensorflow => Question { tensorflow: Some(wish.clone()), ..Question::default() },
        _ => Question { torch: Some(wish.clone()), ..Question::default() },
    }
}

/// Every release with every Python, system and GPU of the tables, one after the other.
pub fn grid() -> impl Iterator<Item = Question> {
    releases().into_iter().flat_map(|(framework, wish)| {
        (7..=15).map(Python::new).flat_map(move |python| {
            let wish = wish.clone();
            tables().systems.iter().flat_map(move |system| {
                let wish = wish.clone();
                tables().gpus.iter().map(move |gpu| Question {
                    device: Some(Device::Model(gpu)),
                    system: Some(system),
                    python: Some(python),
                    ..wanting(framework, &wish)
                })
            })
        })
    })
}
