//! The driver by itself: which ones drive the GPU, with which kernel modules, and start the image. What a framework
//! asks of the driver comes on top.

use super::question::{Device, Question};
use super::rows::Branch;
use super::{Driver, DriverChoice, Module, Reason, tables};
use crate::diagnostic::code;
use std::cmp::Reverse;

/// The branch that is taken unasked: the widest range of GPUs, CUDA 12 and 13, and the longest support.
const PREFERRED: u16 = 580;

/// The drivers that will do, best first; `None` when nothing asks for one.
pub(super) fn drivers(question: &Question) -> Result<Option<Vec<DriverChoice>>, Reason> {
    let Question { device, driver, module, image, .. } = question;
    if device.is_none() && driver.is_none() && module.is_none() && image.is_none() {
        return Ok(None);
    }
    let present: Vec<Driver> = driver.map_or_else(branches, |driver| vec![driver]);
    let in_window: Vec<Driver> = present.iter().copied().filter(|driver| drives(*driver, *device)).collect();
    if let (true, Some(device)) = (in_window.is_empty(), device) {
        return Err(outside_window(*device, present[0]));
    }
    let with_module: Vec<_> = in_window.iter().filter_map(|driver| with_module(question, *driver)).collect();
    if with_module.is_empty() {
        return Err(no_module(question, in_window[0]));
    }
    let starting: Vec<_> = with_module.iter().copied().filter(|choice| starts_image(question, choice.driver)).collect();
    match (&starting[..], image) {
        ([], Some(image)) => Err(too_old_for_image(question, &image.to_string(), with_module[0].driver)),
        _ => Ok(Some(starting)),
    }
}

/// All branches, the preferred one first, then those with support, then those that are confirmed, then the newest.
fn branches() -> Vec<Driver> {
    let mut rows: Vec<&Branch> = tables().branches.iter().collect();
    rows.sort_by_key(|row| (row.branch != PREFERRED, is_over(row), !row.verified, Reverse(row.branch)));
    rows.iter().map(|row| Driver::branch(row.branch)).collect()
}

/// Whether its support had ended when the table was read.
fn is_over(row: &Branch) -> bool {
    row.end_of_life.as_ref().is_some_and(|end| end == "ended" || *end < row.date.to_string())
}

/// The window of the GPU: neither before it was known nor after it was dropped.
pub(super) fn drives(driver: Driver, device: Option<Device>) -> bool {
    let Some(device) = device else { return true };
    let by_branch = tables().branch(driver.branch).is_none_or(|row| row.drives(device.capability()));
    let by_model = match device {
        Device::Model(gpu) => {
            gpu.first_branch.is_none_or(|first| first <= driver.branch)
                && gpu.last_branch.is_none_or(|last| driver.branch <= last)
        }
        Device::Capability(_) => true,
    };
    by_branch && by_model
}

/// The driver with modules that it has, that drive the GPU and that are wished for.
fn with_module(question: &Question, driver: Driver) -> Option<DriverChoice> {
    let Some(row) = tables().branch(driver.branch) else {
        let fits = question.module.is_none_or(|module| question.device.is_none_or(|d| d.modules().contains(&module)));
        return fits.then_some(DriverChoice { driver, module: question.module });
    };
    let of_device = |module: &Module| question.device.is_none_or(|device| device.modules().contains(module));
    let wished = |module: &Module| question.module.is_none_or(|wish| wish == *module);
    let module = row.modules.iter().find(|module| of_device(module) && wished(module))?;
    Some(DriverChoice { driver, module: Some(*module) })
}

/// An image asks for the driver of its toolkit; data-centre boards are let through from the major release's floor on.
fn starts_image(question: &Question, driver: Driver) -> bool {
    let Some(image) = &question.image else { return true };
    let Some(toolkit) = tables().toolkit(image) else { return false };
    let is_data_center = question.device.is_some_and(Device::is_data_center);
    toolkit.driver.is_some_and(|needed| driver.reaches(needed)) || (is_data_center && driver.reaches(toolkit.floor))
}

/// Why it does not.
pub(super) fn outside_window(device: Device, driver: Driver) -> Reason {
    let window = match device {
        Device::Model(gpu) if gpu.last_branch.is_some_and(|last| last < driver.branch) => {
            format!("the last branch that drives it is R{}", gpu.last_branch.unwrap_or_default())
        }
        Device::Model(gpu) if gpu.first_branch.is_some_and(|first| first > driver.branch) => {
            format!("the first branch that drives it is R{}", gpu.first_branch.unwrap_or_default())
        }
        _ => format!("R{} does not drive {}", driver.branch, device.capability()),
    };
    Reason::new(&code::DRIVER_DROPS_GPU, [device.to_string(), window, format!("the driver is {driver}")])
}

fn no_module(question: &Question, driver: Driver) -> Reason {
    let needs = question.device.map(|device| match device.modules() {
        [one] => format!("{device} needs the {one} kernel modules"),
        _ => format!("{device} takes either kind of kernel modules"),
    });
    let has = match (question.module, tables().branch(driver.branch).map(|row| &row.modules[..])) {
        (Some(module), Some([only])) if *only != module => format!("{driver} has only {only} ones"),
        (Some(module), _) => format!("the host has the {module} ones"),
        (None, Some([only])) => format!("{driver} has only {only} ones"),
        (None, _) => format!("{driver} has none that fit"),
    };
    Reason::new(&code::KERNEL_MODULE_KIND, needs.into_iter().chain([has]).collect::<Vec<_>>())
}

fn too_old_for_image(question: &Question, image: &str, driver: Driver) -> Reason {
    let toolkit = question.image.as_ref().and_then(|image| tables().toolkit(image));
    let needed = toolkit.and_then(|toolkit| toolkit.driver).map_or_else(
        || "the driver it asks for is not known".to_owned(),
        |needed| format!("it starts on driver {needed} or newer"),
    );
    let chain = [format!("the image is of CUDA {image}"), needed, format!("the driver is {driver}")];
    Reason::new(&code::IMAGE_NEEDS_NEWER_DRIVER, chain)
}
