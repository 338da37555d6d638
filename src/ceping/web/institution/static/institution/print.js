// The print button of the receipt.
document.querySelector("[data-print]").addEventListener("click", () => window.print());
