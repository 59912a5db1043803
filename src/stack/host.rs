//! The driver by itself: which ones drive the GPU, with which kernel modules, and start the image. What a framework
//! asks of the driver comes on top.

use super::asked::Asked;
use super::question::Device;
use super::rows::{Branch, Gpu};
use super::{Driver, DriverChoice, Module, Reason, tables};
use crate::diagnostic::code;
use std::borrow::Cow;
use std::cmp::Reverse;
use std::sync::LazyLock;

/// The branch that is taken unasked: the widest range of GPUs, CUDA 12 and 13, and the longest support.
const PREFERRED: u16 = 580;

/// A driver that is there or could be, with the row of its branch.
type Present = (Driver, Option<&'static Branch>);

/// The drivers that will do, best first; `None` when nothing asks for one.
pub(super) fn drivers<'a>(asked: &Asked<'a>) -> Result<Option<Cow<'a, [DriverChoice]>>, Reason> {
    if let Some(host) = &asked.host {
        return Ok(host.drivers.map(Cow::Borrowed));
    }
    let is_open = asked.driver.is_none() && asked.module.is_none() && asked.image.is_none();
    match asked.device {
        None if is_open => Ok(None),
        Some(Device::Model(gpu)) if is_open => Ok(Some(Cow::Borrowed(of_gpu(gpu)))),
        _ => sought(asked).map(|found| Some(Cow::Owned(found))),
    }
}

/// The drivers of a GPU of the tables, best first; a test holds that there is one.
fn of_gpu(gpu: &'static Gpu) -> &'static [DriverChoice] {
    static OF_GPUS: LazyLock<Vec<Vec<DriverChoice>>> = LazyLock::new(|| {
        let of = |gpu: &'static Gpu| {
            let device = Some(Device::Model(gpu));
            let in_window = branches().iter().filter(|(driver, row)| drives(*driver, *row, device));
            in_window.filter_map(|(driver, row)| with_module(device, None, *driver, *row)).collect()
        };
        tables().gpus.iter().map(of).collect()
    });
    let at = tables().gpus.iter().position(|known| std::ptr::eq(known, gpu));
    &OF_GPUS[at.expect("a GPU is a row of the tables")]
}

fn sought(asked: &Asked<'_>) -> Result<Vec<DriverChoice>, Reason> {
    let Asked { device, driver, module, image, .. } = asked;
    let wished = driver.map(|driver| (driver, tables().branch(driver.branch)));
    let present = wished.as_ref().map_or(branches(), std::slice::from_ref);
    let in_window = || present.iter().filter(|(driver, row)| drives(*driver, *row, *device));
    let with_module = || in_window().filter_map(|(driver, row)| with_module(*device, *module, *driver, *row));
    let starting: Vec<_> = with_module().filter(|choice| starts_image(asked, choice.driver)).collect();
    if !starting.is_empty() {
        return Ok(starting);
    }
    Err(match (in_window().next(), with_module().next(), device, image) {
        (None, _, Some(device), _) => outside_window(*device, present[0].0),
        (Some((driver, _)), None, _, _) => no_module(asked, *driver),
        (_, Some(choice), _, Some(image)) => too_old_for_image(asked, &image.to_string(), choice.driver),
        _ => unreachable!("every driver will do where neither GPU, modules nor image are asked for"),
    })
}

/// All branches, the preferred one first, then those with support, then those that are confirmed, then the newest.
fn branches() -> &'static [Present] {
    static BRANCHES: LazyLock<Vec<Present>> = LazyLock::new(|| {
        let mut rows: Vec<&Branch> = tables().branches.iter().collect();
        rows.sort_by_key(|row| (row.branch != PREFERRED, is_over(row), !row.verified, Reverse(row.branch)));
        rows.into_iter().map(|row| (Driver::branch(row.branch), Some(row))).collect()
    });
    &BRANCHES
}

/// Whether its support had ended when the table was read.
fn is_over(row: &Branch) -> bool {
    row.end_of_life.as_ref().is_some_and(|end| end == "ended" || *end < row.date.to_string())
}

/// The window of the GPU: neither before it was known nor after it was dropped.
pub(super) fn drives(driver: Driver, row: Option<&Branch>, device: Option<Device>) -> bool {
    let Some(device) = device else { return true };
    let by_branch = row.is_none_or(|row| row.drives(device.capability()));
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
fn with_module(
    device: Option<Device>,
    wish: Option<Module>,
    driver: Driver,
    row: Option<&Branch>,
) -> Option<DriverChoice> {
    let of_device = |module: &Module| device.is_none_or(|device| device.modules().contains(module));
    let Some(row) = row else {
        return wish.is_none_or(|wish| of_device(&wish)).then_some(DriverChoice { driver, module: wish });
    };
    let wished = |module: &Module| wish.is_none_or(|wish| wish == *module);
    let module = row.modules.iter().find(|module| of_device(module) && wished(module))?;
    Some(DriverChoice { driver, module: Some(*module) })
}

/// An image asks for the driver of its toolkit; data-centre boards are let through from the major release's floor on.
fn starts_image(asked: &Asked<'_>, driver: Driver) -> bool {
    let Some(image) = asked.image else { return true };
    let Some(toolkit) = tables().toolkit(image) else { return false };
    let is_data_center = asked.device.is_some_and(Device::is_data_center);
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

fn no_module(asked: &Asked<'_>, driver: Driver) -> Reason {
    let needs = asked.device.map(|device| match device.modules() {
        [one] => format!("{device} needs the {one} kernel modules"),
        _ => format!("{device} takes either kind of kernel modules"),
    });
    let has = match (asked.module, tables().branch(driver.branch).map(|row| &row.modules[..])) {
        (Some(module), Some([only])) if *only != module => format!("{driver} has only {only} ones"),
        (Some(module), _) => format!("the host has the {module} ones"),
        (None, Some([only])) => format!("{driver} has only {only} ones"),
        (None, _) => format!("{driver} has none that fit"),
    };
    Reason::new(&code::KERNEL_MODULE_KIND, needs.into_iter().chain([has]).collect::<Vec<_>>())
}

fn too_old_for_image(asked: &Asked<'_>, image: &str, driver: Driver) -> Reason {
    let toolkit = asked.image.and_then(|image| tables().toolkit(image));
    let needed = toolkit.and_then(|toolkit| toolkit.driver).map_or_else(
        || "the driver it asks for is not known".to_owned(),
        |needed| format!("it starts on driver {needed} or newer"),
    );
    let chain = [format!("the image is of CUDA {image}"), needed, format!("the driver is {driver}")];
    Reason::new(&code::IMAGE_NEEDS_NEWER_DRIVER, chain)
}
