//! A plan for review: hosts, steps, the tasks behind each, then the sum and the cost.

use super::objects::object_lines;
use super::{Paint, View, count, unconfirmed_lines};
use crate::address::HostAddress;
use crate::plan::{Action, CloudStep, ClusterToFill, FindingWeight, HostFinding, MachinesToMake, Plan, Step};
use crate::playbook::Status;
use crate::workflows::{Planned, Unconfirmed};
use schemars::JsonSchema;
use serde::Serialize;

/// How many tasks of a step are listed before the rest is only counted.
const TASKS_SHOWN: usize = 12;

/// What `plan` shows.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PlanView {
    /// True when apply would do or record something.
    pub has_changes: bool,
    /// One per resource.
    pub steps: Vec<Step>,
    /// One per object of a cloud.
    pub objects: Vec<CloudStep>,
    /// What the looks tell about GPU stacks, host after host, refusals first.
    pub findings: Vec<HostFinding>,
    /// Machines of clouds with their price; none of them is set up as a host yet.
    pub machines: Vec<MachinesToMake>,
    /// Clusters with workloads that this plan does not touch.
    pub clusters: Vec<ClusterToFill>,
    /// What all of them would cost, USD per hour, where every price is known.
    pub hourly_cost: Option<f64>,
    /// What the lock rests on and nobody confirmed.
    pub not_confirmed: Vec<Unconfirmed>,
    /// Host groups without a GPU, in a project that has some with one.
    pub without_gpus: Vec<String>,
    /// What to do about hosts that could not be looked at.
    pub fixes: Vec<String>,
    /// Where the plan was saved.
    pub saved: Option<String>,
}

impl PlanView {
    /// The view of what was planned.
    pub fn of(planned: &Planned, saved: Option<String>) -> Self {
        Self {
            not_confirmed: planned.not_confirmed.clone(),
            without_gpus: planned.without_gpus.clone(),
            fixes: planned.fixes.clone(),
            saved,
            ..Self::new(&planned.plan)
        }
    }

    /// The view of a plan by itself.
    pub fn new(plan: &Plan) -> Self {
        Self {
            has_changes: plan.has_changes(),
            steps: plan.steps.clone(),
            objects: plan.objects.clone(),
            findings: plan.findings.clone(),
            machines: plan.machines.clone(),
            clusters: plan.clusters.clone(),
            hourly_cost: plan.machines.iter().map(|machines| machines.hourly_cost).sum(),
            not_confirmed: Vec::new(),
            without_gpus: Vec::new(),
            fixes: Vec::new(),
            saved: None,
        }
    }

    fn hosts(&self) -> Vec<(&HostAddress, Vec<&Step>)> {
        let mut hosts: Vec<(&HostAddress, Vec<&Step>)> = Vec::new();
        let shown = self.steps.iter().filter(|step| step.action != Action::Keep);
        for step in shown {
            match hosts.last_mut() {
                Some((host, steps)) if *host == step.address.host() => steps.push(step),
                _ => hosts.push((step.address.host(), vec![step])),
            }
        }
        for finding in &self.findings {
            if !hosts.iter().any(|(host, _)| **host == finding.host) {
                hosts.push((&finding.host, Vec::new()));
            }
        }
        hosts
    }

    /// Why there is nothing to do, if so.
    fn nothing(&self) -> Option<&'static str> {
        let is_kept = self.steps.iter().map(|step| step.action).chain(self.objects.iter().map(|step| step.action));
        match (self.steps.is_empty(), self.objects.is_empty()) {
            (true, true) => Some("there is no host to set up"),
            _ if !is_kept.into_iter().all(|action| action == Action::Keep) => None,
            (false, true) => Some("every host is as wanted"),
            (true, false) => Some("every object of the cloud is as wanted"),
            (false, false) => Some("every host and every object of the cloud is as wanted"),
        }
    }

    fn sum(&self) -> String {
        let count_of = |action| {
            let objects = self.objects.iter().filter(|step| step.action == action).count();
            self.steps.iter().filter(|step| step.action == action).count() + objects
        };
        let words = [
            (Action::Create, "to create"),
            (Action::Update, "to update"),
            (Action::Replace, "to replace"),
            (Action::Delete, "to delete"),
            (Action::Adopt, "to record"),
            (Action::Forget, "to forget"),
            (Action::Blocked, "not planned"),
        ];
        if let Some(nothing) = self.nothing() {
            return format!("no changes: {nothing}");
        }
        let parts: Vec<String> = words
            .into_iter()
            .filter(|(action, _)| count_of(*action) > 0)
            .map(|(action, words)| format!("{} {words}", count_of(action)))
            .collect();
        format!("plan: {}", parts.join(", "))
    }
}

impl View for PlanView {
    fn text(&self, paint: Paint) -> String {
        let mut lines = Vec::new();
        for (host, steps) in self.hosts() {
            lines.push(paint.strong(&host.to_string()));
            match steps.as_slice() {
                [] => {}
                // Why a host could not be looked at is said once, not for everything on it.
                [first, ..] if steps.iter().all(|step| step.action == Action::Blocked) => {
                    lines.push(format!("  {}  {}", paint.bad("! not planned"), paint.faint(&first.reason)));
                }
                steps => lines.extend(steps.iter().flat_map(|step| step_lines(step, paint))),
            }
            let findings = self.findings.iter().filter(|finding| finding.host == *host);
            lines.extend(findings.flat_map(|finding| finding_lines(finding, paint)));
            lines.push(String::new());
        }
        lines.extend(object_lines(&self.objects, paint));
        lines.extend(self.machines.iter().flat_map(|machines| machine_lines(machines, paint)));
        lines.extend(self.clusters.iter().flat_map(|cluster| cluster_lines(cluster, paint)));
        lines.push(self.sum());
        if !self.without_gpus.is_empty() {
            lines.push(format!(
                "no GPU: {}; no driver and nothing else for one goes there",
                self.without_gpus.join(", ")
            ));
        }
        lines.extend(unconfirmed_lines(&self.not_confirmed));
        let most = if self.machines.iter().any(|machines| machines.is_most) { "at most " } else { "" };
        lines.extend(
            self.hourly_cost.filter(|cost| *cost > 0.0).map(|cost| format!("cost: {most}{cost:.2} USD per hour")),
        );
        let mut fixes: Vec<&String> = self.fixes.iter().collect();
        fixes.dedup();
        lines.extend(fixes.into_iter().map(|fix| format!("fix: {fix}")));
        lines.extend(
            self.saved.iter().map(|file| format!("saved: `{file}`; apply exactly this with `aether apply {file}`")),
        );
        lines.join("\n")
    }
}

fn step_lines(step: &Step, paint: Paint) -> Vec<String> {
    let name = step.address.to_string();
    let host = step.address.host().to_string();
    let below = name.strip_prefix(&host).map_or(name.as_str(), |rest| rest.trim_start_matches('/'));
    let below = if below.is_empty() { "host" } else { below };
    let head = format!("  {} {below}", step.action.symbol());
    let head = match step.action {
        Action::Create => paint.good(&head),
        Action::Update | Action::Adopt | Action::Forget | Action::Keep => paint.attention(&head),
        Action::Delete | Action::Replace | Action::Blocked => paint.bad(&head),
    };
    let mut lines = vec![format!("{head}  {}", paint.faint(&step.reason))];
    for task in step.tasks.iter().take(TASKS_SHOWN) {
        let sign = match task.status {
            Status::Failed => "!",
            Status::Unknown => "?",
            _ => "~",
        };
        let reason = task.reason.as_deref().map(|reason| format!("  ({})", first_line(reason))).unwrap_or_default();
        lines.push(format!("      {sign} {}{}", task.name, paint.faint(&reason)));
    }
    if step.tasks.len() > TASKS_SHOWN {
        lines.push(format!("      … and {}", count(step.tasks.len() - TASKS_SHOWN, "more task")));
    }
    lines
}

fn finding_lines(finding: &HostFinding, paint: Paint) -> Vec<String> {
    let word = match finding.weight {
        FindingWeight::Refusal => paint.bad("refused"),
        FindingWeight::Warning => paint.attention("warning"),
        FindingWeight::Note => "note".to_owned(),
    };
    vec![
        format!("  {word}[{}]: {}", finding.code, finding.chain.join(" → ")),
        format!("      {}; more: `aether explain {}`", finding.way_out, finding.name),
    ]
}

fn machine_lines(machines: &MachinesToMake, paint: Paint) -> Vec<String> {
    let price = match (&machines.hourly_cost, &machines.priced) {
        (Some(cost), Some(day)) if machines.is_most => {
            format!(", at most {cost:.2} USD per hour (spot; price on demand of {day})")
        }
        (Some(cost), Some(day)) => format!(", {cost:.2} USD per hour (price of {day})"),
        _ => ", price unknown".to_owned(),
    };
    vec![
        paint.strong(&machines.group),
        format!("  {} of {}{price}", count(machines.count as usize, "machine"), machines.provider),
        "      not set up as hosts yet: no environment and no playbook is applied on them".to_owned(),
        String::new(),
    ]
}

fn cluster_lines(cluster: &ClusterToFill, paint: Paint) -> Vec<String> {
    let ClusterToFill { cluster: name, context, workloads } = cluster;
    vec![
        paint.strong(name),
        format!("  {} {} on the cluster of context `{context}`", paint.bad("!"), count(*workloads, "workload")),
        format!(
            "      not applied by this plan: `aether render`, then `kubectl --context {context} apply -f infra/kubernetes/{name}`"
        ),
        String::new(),
    ]
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}
