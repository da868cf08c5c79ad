// What a screen reader needs and Datasette's pages leave out: the language, the main part, names of the filters.
document.documentElement.lang = "en";
document.addEventListener("DOMContentLoaded", () => {
  document.querySelector("section.content")?.setAttribute("role", "main");
  const names = { _filter_column: "Column", _filter_op: "Comparison", _filter_value: "Value", _sort: "Sort by" };
  for (const field of document.querySelectorAll("select[name], input.filter-value")) {
    const name = Object.keys(names).find((start) => field.name === start || field.name.startsWith(start + "_"));
    if (name) field.setAttribute("aria-label", names[name]);
  }
  for (const wide of document.querySelectorAll(".rows-and-columns, pre, .column-descriptions")) {
    wide.tabIndex = 0;
  }
});
// the editor of SQL is put together by a script, now or later
const nameEditors = () => {
  for (const editor of document.querySelectorAll("textarea:not([aria-label])")) editor.setAttribute("aria-label", "SQL");
};
new MutationObserver(nameEditors).observe(document, { childList: true, subtree: true });
