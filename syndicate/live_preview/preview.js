// Shows builds and problems on a previewed page, and reloads the page after a change.
const mine = document.currentScript.dataset.page;
let reloading = false;

function make(name, className, ...children) {
  const element = document.createElement(name);
  element.className = className;
  element.append(...children.filter(Boolean));
  return element;
}

function note(problem) {
  const place = problem.line ? `${problem.path}:${problem.line}` : problem.path;
  return make("div", `preview-note preview-${problem.severity || "warning"}`,
    make("strong", "", problem.severity === "error" ? "Skipped" : "Problem"), " ",
    make("code", "", place),
    make("p", "", problem.message),
    problem.cure && make("p", "preview-cure", problem.cure));
}

function list(problems, more) {
  if (!problems.length) return null;
  const details = make("details", "preview-list",
    make("summary", "", counted(problems.length + more, "problem", "problems") + " elsewhere"),
    ...problems.map(note),
    more && make("p", "", `… and ${more} more: syndicate check -v`));
  const shown = document.querySelector("#preview details");
  details.open = shown ? shown.open : problems.length <= 5;
  return details;
}

function counted(number, one, many) {
  return `${number} ${number === 1 ? one : many}`;
}

function summary(state) {
  if (state.building) return "Building …";
  const problems = state.notes.length + state.more;
  const parts = [counted(state.posts, "post", "posts"), counted(state.feeds, "feed", "feeds"),
    problems ? counted(problems, "problem", "problems") : "no problems"];
  if (state.hidden) parts.push(`${state.hidden} not shown (--drafts shows them)`);
  const waiting = Object.keys(state.marks).length;
  if (waiting) parts.push(`${waiting} not published yet`);
  return parts.join(" · ");
}

function show(given) {
  const state = { building: false, failed: "", posts: 0, feeds: 0, notes: [], more: 0, marks: {}, hidden: 0, ...given };
  for (const old of document.querySelectorAll(".preview-own")) old.remove();
  const elsewhere = new Set(state.notes);
  for (const article of document.querySelectorAll("article")) {
    const link = article.querySelector("h3 a");
    const url = link && link.getAttribute("href");
    if (!url) continue;
    if (state.marks[url]) {
      article.querySelector("time").before(make("span", "preview-own preview-mark", state.marks[url]));
    }
    const own = state.notes.filter(each => each.url === url);
    own.forEach(each => elsewhere.delete(each));
    if (own.length) article.append(make("div", "preview-own", ...own.map(note)));
  }
  const bar = document.getElementById("preview");
  bar.querySelector("[role=status]").textContent = summary(state);
  bar.classList.toggle("preview-busy", state.building);
  bar.querySelector(".preview-body").replaceChildren(...[
    state.failed && make("div", "preview-failed",
      make("strong", "", "The build failed; this page is as the last good one left it."),
      make("p", "", state.failed)),
    list([...elsewhere], state.more)].filter(Boolean));
}

async function reloadIfChanged() {
  const fresh = await fetch(location.href, { cache: "no-cache" });
  if (!fresh.ok || reloading || (await fresh.text()).includes(`data-page="${mine}"`)) return;
  reloading = true;
  location.reload();
}

const bar = make("aside", "", make("strong", "", "Preview"), make("span", ""), make("div", "preview-body"));
bar.id = "preview";
bar.lang = "en";
bar.dir = "ltr";
bar.setAttribute("aria-label", "Preview");
bar.querySelector("span").setAttribute("role", "status");
document.body.prepend(bar);

const events = new EventSource("/-preview/events");
events.onmessage = event => {
  const state = JSON.parse(event.data);
  show(state);
  if (!state.building) reloadIfChanged();
};
events.onerror = () => {
  bar.querySelector("[role=status]").textContent = "The preview was stopped; waiting for it …";
};
addEventListener("pagehide", () => events.close());
