// The preview follows what is chosen; without this it follows what is saved.

const form = document.querySelector("[data-design]");
form.addEventListener("change", () => {
  const chosen = new FormData(form);
  for (const picture of document.querySelectorAll("[data-preview]")) {
    const address = new URL(picture.src);
    for (const name of ["design", "paper"]) address.searchParams.set(name, chosen.get(name));
    address.searchParams.delete("language");
    for (const place of [1, 2, 3]) {
      const language = chosen.get(`language_${place}`);
      if (language) address.searchParams.append("language", language);
    }
    if (address.href !== picture.src) picture.src = address.href;
  }
});
