// How html-validate reads our pages: all that it recommends, and what of it is a matter of style.
export default {
  root: true,
  extends: ["html-validate:recommended"],
  rules: {
    // Both spellings are the standard's; we write the small one.
    "doctype-style": ["error", { style: "lowercase" }],
    // A button without a type sends its form, and each of ours without one is meant to.
    "no-implicit-button-type": "off",
    // The permission of each way is a box of the same name, and two buttons say which step it is.
    "form-dup-name": ["error", { shared: ["radio", "checkbox", "submit"] }],
  },
};
