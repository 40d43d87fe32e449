// A page that waits for work to be done looks again by itself; without a script its link does the same.

const look = async () => {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
    if (answer.ok && fresh) document.querySelector("main").replaceChildren(...fresh.childNodes);
  } catch { /* the network may come back */ }
  if (document.querySelector("[data-wait]")) setTimeout(look, 2000);
};
if (document.querySelector("[data-wait]")) setTimeout(look, 2000);
