// Characters as people count them: letters, signs and marks one each; white space and what has no ink none.
const UNSEEN = /[\s\p{Cc}\p{Cf}\p{Z}\u115f\u1160\u3164\uffa0\u2800]/u;
const JOINED = /[\p{M}\u{1f3fb}-\u{1f3ff}]/u;

export function characters(text) {
  let count = 0, joined = false;
  for (const one of text) {
    if (!(UNSEEN.test(one) || joined || JOINED.test(one))) count += 1;
    joined = one === "\u200d";
  }
  return count;
}

export function follow(input) {
  const place = document.getElementById(input.dataset.count), limit = Number(input.dataset.limit);
  const show = () => {
    const count = characters(input.value);
    place.textContent = count;
    place.classList.toggle("cp-red", limit > 0 && count > limit);
  };
  input.addEventListener("input", show);
  show();
}
