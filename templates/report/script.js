"use strict";
// Searches, filters and groups the findings. The markup of all of them was written and escaped by the report; text from the
// cluster reaches the page only as textContent or as that markup. The page stays readable when this never runs.
(() => {
  const PAGE = 100;
  const byId = id => document.getElementById(id);
  const data = JSON.parse(byId("data").textContent);
  const [list, form, more, none, shown, open] = ["list", "filters", "more", "none", "shown", "open"].map(byId);
  const [search, area, kind, place, group] = ["search", "area", "kind", "place", "group"].map(byId);
  const [framework, use, change] = ["framework", "use", "change-kind"].map(byId);     // each only where there is something to choose
  const statuses = [...form.querySelectorAll("input[name=status]")];

  const policies = data.policies.map(([id, title, area, frameworks, advice]) => ({ id, title, area, frameworks, advice }));
  const items = data.findings.map(([fingerprint, status, policy, kind, subject, where, places, because, evidence, markup, use, change]) => ({
    fingerprint, status, policy: policies[policy], kind, subject, where, places, because, evidence, markup, use, change,
    node: markup === null ? byId(fingerprint) : null, text: null,
  }));
  const byFingerprint = new Map(items.map(item => [item.fingerprint, item]));

  const groupings = {
    severity: item => data.statuses[item.status],
    policy: item => item.policy.title,
    subject: item => `${item.kind} ${item.subject}`,
    namespace: item => item.where || "No namespace",
  };

  // What matches, in the order of its groups, and how much of it is on the page. Findings come worst first, so groups do too.
  let queue = arrange();
  let position = list.querySelectorAll("article").length;

  function textOf(item) {
    return item.text ??= [
      item.status, item.policy.id, item.policy.title, item.kind, item.subject, item.where, ...item.places, item.because,
      ...item.evidence.map(number => data.evidence[number][0]), item.fingerprint,
    ].join("\n").toLowerCase();
  }

  function wanted() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const allowed = statuses.filter(box => box.checked).map(box => box.value);
    return item =>
      (allowed.length === 0 || allowed.includes(item.status))
      && (area.value === "" || item.policy.area === area.value)
      && (kind.value === "" || item.kind === kind.value)
      && (!framework?.value || item.policy.frameworks.includes(framework.value))
      && (!use?.value || item.use === use.value)
      && (!change?.value || item.change === change.value)
      && (place.value === "" || item.places.includes(place.value))
      && words.every(word => textOf(item).includes(word));
  }

  function arrange() {
    const nameOf = groupings[group.value];
    const groups = new Map();
    for (const item of items.filter(wanted())) {
      const name = nameOf(item);
      if (!groups.has(name)) groups.set(name, []);
      groups.get(name).push(item);
    }
    return [...groups].flatMap(([name, members]) => members.map(item => ({ name, size: members.length, item })));
  }

  function nodeOf(item) {
    if (item.node) return item.node;
    const template = document.createElement("template");
    template.innerHTML = item.markup;
    item.node = template.content.firstElementChild;
    item.node.querySelector("details").addEventListener("toggle", () => fill(item), { once: true });
    return item.node;
  }

  // Only what is opened gets what findings share.
  function fill(item) {
    if (item.markup === null) return;
    const put = (selector, markup) => item.node.querySelectorAll(selector).forEach(place => { place.innerHTML = markup; });
    put("[data-evidence]", item.evidence.map(number => data.evidence[number][1]).join(""));
    put("[data-advice]", item.policy.advice);
  }

  function sectionFor({ name, size }) {
    const last = list.lastElementChild;
    if (last?.dataset.group === name) return last;
    const section = document.createElement("section");
    section.dataset.group = name;
    const heading = section.appendChild(document.createElement("h3"));
    heading.append(bdi(name), " ");
    const count = heading.appendChild(document.createElement("span"));
    count.className = "count";
    count.textContent = number(size);
    return list.appendChild(section);
  }

  function bdi(text) {
    const element = document.createElement("bdi");
    element.textContent = text;
    return element;
  }

  const number = count => count.toLocaleString("en-US");

  function append(count) {
    for (const end = Math.min(position + count, queue.length); position < end; position++)
      sectionFor(queue[position]).append(nodeOf(queue[position].item));
    tell();
  }

  function tell() {
    none.hidden = queue.length > 0 || items.length === 0;
    more.hidden = position >= queue.length;
    more.textContent = `Show ${number(Math.min(PAGE, queue.length - position))} more of ${number(queue.length - position)}`;
    const some = position < queue.length ? `, the first ${number(position)} shown` : "";
    shown.textContent = `${number(queue.length)} of ${number(items.length)} findings${some}`;
  }

  function render() {
    queue = arrange();
    position = 0;
    list.replaceChildren();
    append(PAGE);
  }

  function clear() {
    form.reset();
    render();
    remember();
  }

  // The address says how the list is narrowed, so that a view can be kept and sent.
  function remember() {
    const chosen = [...new FormData(form)].filter(([name, value]) => value !== "" && !(name === "group" && value === "severity"));
    history.replaceState(null, "", chosen.length === 0 ? "#findings" : `#?${new URLSearchParams(chosen)}`);
  }

  function recall(query) {
    const wanted = new URLSearchParams(query);
    const strange = [];
    form.reset();
    for (const [name, value] of wanted) {
      const field = form.elements[name];
      if (name === "status" && statuses.some(box => box.value === value)) statuses.forEach(box => { box.checked ||= box.value === value; });
      else if (field instanceof HTMLSelectElement && [...field.options].some(option => option.value === value)) field.value = value;
      else if (name === "search") field.value = value;
      else strange.push(`${name} ${value}`);
    }
    if (strange.length > 0) missing(`This report has nothing of ${strange.join(", ")}; the findings below are narrowed by the rest of the link.`);
    render();
    settle(byId("findings"));
    byId("findings").focus({ preventScroll: true });
  }

  // The page of a subject: everything else steps aside.
  const subjects = new Map(data.subjects.map(subject => [`${subject[0]} ${subject[1]}`, subject]));

  function element(name, className, ...content) {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...content);
    return made;
  }

  function named(kind, text) {
    return element("span", "", element("span", "kind", kind), " ", bdi(text));
  }

  const bindingOf = ([, namespace, name]) => namespace ? `${namespace}/${name}` : name;

  function grantOf([grant, group]) {
    const [bindingKind, , , role, use] = grant;
    const [roleKind, roleName, rules] = data.roles[role];
    const details = element("details", "grant", element("summary", "", element("span", "", named(bindingKind, bindingOf(grant)), " ",
      element("span", "", element("span", "arrow", "→"), " ", named(roleKind, roleName)),
      ...(group ? [" ", element("span", "via", "for Group ", bdi(group))] : []), ...(use ? [" ", element("span", "use", use)] : []))));
    details.querySelector(".arrow").ariaLabel = "refers to";
    details.addEventListener("toggle", () => details.append(...(rules.length ? rules : ["no rules"]).map(rule => element("pre", "", rule))), { once: true });
    return details;
  }

  // What grants allow together: by place and thing, things with the same verbs from the same bindings in one row.
  const VERBS = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"];

  function permissions(grants) {
    const things = new Map();
    for (const [grant, group] of grants)
      for (const [what, names, everywhere, inNamespace = everywhere] of data.roles[grant[3]][3]) {
        const verbs = grant[1] ? inNamespace : everywhere;
        if (verbs.length === 0) continue;
        const thing = names ? `${what} [${names}]` : what;
        const key = JSON.stringify([grant[1], thing]);
        if (!things.has(key)) things.set(key, { place: grant[1], thing, verbs: new Set(), through: new Set() });
        verbs.forEach(verb => things.get(key).verbs.add(verb));
        things.get(key).through.add(bindingOf(grant) + (group ? ` (Group ${group})` : ""));
      }
    const all = new Set([...things.values()].filter(row => row.thing === "*.*" && row.verbs.has("*")).map(row => row.place));
    const everyUrl = things.get(JSON.stringify(["", "URL *"]))?.verbs.has("*");
    const rows = new Map();
    for (const row of things.values()) {
      if (everyUrl && row.thing.startsWith("URL ") && row.thing !== "URL *") continue;
      if (!row.thing.startsWith("URL ") && row.thing !== "*.*" && (all.has("") || all.has(row.place))) continue;
      if (row.place && row.thing === "*.*" && all.has("")) continue;
      const verbs = row.verbs.has("*") ? ["*"] : [...VERBS.filter(verb => row.verbs.has(verb)), ...[...row.verbs].filter(verb => !VERBS.includes(verb)).sort()];
      const through = [...row.through].sort().join(", ");
      const key = JSON.stringify([row.place, verbs, through]);
      if (!rows.has(key)) rows.set(key, { place: row.place, things: [], verbs: verbs.join(", "), through });
      rows.get(key).things.push(row.thing === "*.*" ? "every resource of every group" : row.thing);
    }
    const isImplied = row => row.through.endsWith(")");
    const compare = (one, other) => one < other ? -1 : one > other ? 1 : 0;
    return [...rows.values()].sort((one, other) => isImplied(one) - isImplied(other) || compare(one.place, other.place) || compare(one.through, other.through) || compare(one.verbs, other.verbs));
  }

  function spelled(things) {
    const urls = things.filter(thing => thing.startsWith("URL ")).map(thing => thing.slice(4)).sort();
    return [...things.filter(thing => !thing.startsWith("URL ")).sort(), ...(urls.length ? [`URL ${urls.join(", ")}`] : [])].join(", ");
  }

  function tellPermissions(rows, most) {
    byId("subject-may").replaceChildren(...rows.slice(0, most).map(row => element("tr", "",
      element("td", "", row.place ? bdi(row.place) : "Whole cluster"), element("td", "", bdi(spelled(row.things))),
      element("td", "", bdi(row.verbs)), element("td", "", bdi(row.through)))));
    const all = byId("subject-all");
    all.hidden = rows.length <= most;
    all.textContent = `Show all ${number(rows.length)} rows`;
    all.onclick = () => tellPermissions(rows, rows.length);
  }

  function show(name) {
    const [kind, text, bound, groups] = subjects.get(name);
    const grants = bound.map(grant => [grant, ""]);
    for (const number of groups) grants.push(...data.subjects[number][2].map(grant => [grant, data.subjects[number][1]]));
    const about = items.filter(item => item.kind === kind && item.subject === text);
    const open = about.filter(item => item.status !== "accepted").length;
    byId("subject-name").replaceChildren(named(kind, text));
    byId("subject-lead").textContent = `${number(open)} open ${open === 1 ? "finding" : "findings"}, bound by ${number(bound.length)} ${bound.length === 1 ? "binding" : "bindings"}`;
    byId("subject-findings").replaceChildren(...about.map(item => {
      const link = element("a", "", item.policy.title);
      link.href = `#${item.fingerprint}`;
      return element("li", "", element("span", `badge ${item.status}`, data.statuses[item.status]), " ", element("span", "", link), ...(item.where ? [" ", element("span", "pill", bdi(item.where))] : []));
    }));
    byId("subject-clear").hidden = about.length > 0;
    byId("subject-findings").hidden = about.length === 0;
    const ways = data.paths.filter(([from]) => from === name);
    const others = data.paths.filter(([, by]) => by.includes(name)).map(([from]) => from);
    byId("subject-ways").hidden = ways.length + others.length === 0;
    byId("subject-paths").innerHTML = ways.map(([, , markup]) => markup).join("");
    byId("subject-paths").querySelectorAll("details").forEach(details => { details.open = true; });
    byId("subject-by").replaceChildren(...(others.length === 0 ? [] : [`${number(others.length)} ${others.length === 1 ? "comes" : "come"} to power by becoming it: `,
      ...others.slice(0, 20).flatMap((from, i) => [i ? ", " : "", subjectLink(from)]), others.length > 20 ? ` and ${number(others.length - 20)} more` : ""]));
    tellPermissions(permissions(grants), 100);
    byId("subject-grants").replaceChildren(...(grants.length ? grants.map(grantOf) : [element("p", "note", "None that refers to a role that is there.")]));
    const log = data.detections.filter(([user]) => user === name);
    byId("subject-log").hidden = log.length === 0;
    byId("subject-detections").replaceChildren(...log.map(([, severity, title, because, target, requests, last]) =>
      element("li", "", element("span", `badge ${severity}`, data.statuses[severity]), " ",
        element("span", "", title, element("br"), element("small", "", bdi(because), ", ", bdi(target)), element("br"), element("small", "", `${requests}, last ${last}`)))));
    document.body.classList.add("one");
    byId("subject").hidden = false;
    scrollTo(0, 0);
    byId("subject-name").focus({ preventScroll: true });
  }

  function subjectLink(name) {
    if (!subjects.has(name)) return bdi(name);
    const link = element("a", "", bdi(name));
    link.href = `#subject=${encodeURIComponent(name)}`;
    return link;
  }

  function leave() {
    document.body.classList.remove("one");
    byId("subject").hidden = true;
  }

  // What a link leads to may be gone since, or be of another cluster: an answer, not silence.
  const unknown = byId("unknown");

  function missing(text) {
    if (!unknown) return;
    unknown.textContent = text;
    unknown.hidden = false;
    unknown.scrollIntoView();
  }

  // A link to a finding opens it, wherever it is: one that is not on the page is searched for.
  function follow() {
    const target = location.hash.slice(1);
    if (unknown) unknown.hidden = true;
    if (target.startsWith("subject=")) {
      const name = decoded(target.slice("subject=".length));
      if (subjects.has(name)) return show(name);
      leave();
      return missing(`No binding of this report names ${name || "what the link leads to"}, so there is no page about it.`);
    }
    leave();
    if (target.startsWith("?")) return recall(target.slice(1));
    const section = byId(target);
    if (section && !byFingerprint.has(target)) settle(section);
    const item = byFingerprint.get(target);
    if (!item) {
      const element = byId(target);
      if (element instanceof HTMLDetailsElement) element.open = true;
      if (target && !element) {
        if (data.statuses[target]) return only(target);
        missing(`This report has nothing called ${decoded(target) || target}. Findings that were there once may be resolved; a policy may not have been asked.`);
      }
      return;
    }
    if (!item.node?.isConnected) {
      form.reset();
      search.value = item.fingerprint;
      render();
    }
    fill(item);
    item.node.querySelector("details").open = true;
    item.node.scrollIntoView({ block: "start" });
    item.node.querySelector("summary").focus({ preventScroll: true });
  }

  // What was not on the screen has a size that was guessed: the way there is corrected while it becomes known.
  function settle(section) {
    let turns = 10;
    const step = () => {
      section.scrollIntoView();
      if (turns-- > 0 && Math.abs(section.getBoundingClientRect().top) > 40 && scrollY + innerHeight < document.documentElement.scrollHeight - 1) requestAnimationFrame(step);
    };
    step();
    requestAnimationFrame(step);
  }

  function decoded(text) {
    try {
      return decodeURIComponent(text);
    } catch {
      return "";
    }
  }

  function only(status) {
    form.reset();
    statuses.forEach(box => { box.checked = box.value === status; });
    render();
    remember();
    byId("findings").focus();
  }

  form.addEventListener("submit", event => event.preventDefault());
  form.addEventListener("input", () => { render(); remember(); });
  byId("clear").addEventListener("click", () => { clear(); search.focus(); });
  open.addEventListener("click", () => {
    const opening = open.textContent === "Open all";
    list.querySelectorAll("details").forEach(details => { details.open = opening; });
    open.textContent = opening ? "Close all" : "Open all";
  });
  more.addEventListener("click", () => append(PAGE));
  document.querySelectorAll("a[data-status]").forEach(link => link.addEventListener("click", event => {
    event.preventDefault();
    only(link.dataset.status);
  }));
  window.addEventListener("hashchange", follow);

  form.hidden = items.length === 0;
  if (position > PAGE) render(); else tell();     // what follows the list stays within reach
  follow();
  setTimeout(() => items.forEach(textOf));     // so that the first key is as quick as the others
})();
