/* The bank's question is answered: tell the page that asked, which then reads the outcome from the network itself. */
if (parent !== window) parent.postMessage({ type: "counterpart:settled" }, "*");
