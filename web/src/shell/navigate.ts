/** Goes to another page of this site, as a click on a link would. */
export function navigate(path: string): void {
  history.pushState(null, "", path);
  window.dispatchEvent(new PopStateEvent("popstate"));
}

/** Goes to another page in place of this one: the back button does not lead here again. */
export function redirect(path: string): void {
  history.replaceState(null, "", path);
  window.dispatchEvent(new PopStateEvent("popstate"));
}

/** The address of the present page, without what stands behind the #. */
export function presentPath(): string {
  return location.pathname + location.search;
}
