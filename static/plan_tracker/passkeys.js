/* 密碼金鑰: asks the browser's passkey, and puts its answer into the form. Without this script the code of the phone, or one on paper, does. */
(() => {
  "use strict";

  if (!window.PublicKeyCredential || !navigator.credentials) return;

  const toBytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
  const toText = (buffer) => {
    let characters = "";
    for (const byte of new Uint8Array(buffer)) characters += String.fromCharCode(byte);
    return btoa(characters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  };
  const withBytes = (descriptors) => (descriptors ?? []).map((one) => ({ ...one, id: toBytes(one.id) }));

  class Problem extends Error {}

  /* What the server wants to know: a challenge, once. */
  const ask = async (form, purpose) => {
    const sent = new URLSearchParams({ purpose, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
    let response;
    try {
      response = await fetch(form.dataset.passkeyOptions, { method: "POST", body: sent, headers: { Accept: "application/json" } });
    } catch {
      throw new Problem("連不上伺服器，請確認網路再試一次。");
    }
    if (!response.headers.get("Content-Type")?.startsWith("application/json")) throw new Problem("登入已經過期或不能使用，請重新整理這一頁再試。");
    const options = await response.json();
    if (options.problem) throw new Problem(options.problem);
    return { ...options, challenge: toBytes(options.challenge) };
  };

  const proof = async (form) => {
    const options = await ask(form, "proof");
    const made = await navigator.credentials.get({ publicKey: { ...options, allowCredentials: withBytes(options.allowCredentials) } });
    const { authenticatorData, clientDataJSON, signature, userHandle } = made.response;
    return {
      id: made.id, rawId: made.id, type: made.type, clientExtensionResults: {},
      response: {
        authenticatorData: toText(authenticatorData), clientDataJSON: toText(clientDataJSON), signature: toText(signature),
        ...(userHandle ? { userHandle: toText(userHandle) } : {}),
      },
    };
  };

  const made = async (form) => {
    const options = await ask(form, "new");
    const publicKey = { ...options, user: { ...options.user, id: toBytes(options.user.id) }, excludeCredentials: withBytes(options.excludeCredentials) };
    const credential = await navigator.credentials.create({ publicKey });
    return {
      id: credential.id, rawId: credential.id, type: credential.type, clientExtensionResults: {},
      response: { attestationObject: toText(credential.response.attestationObject), clientDataJSON: toText(credential.response.clientDataJSON) },
    };
  };

  const WORDS = {
    NotAllowedError: "沒有完成，或等太久了；請再試一次。",
    InvalidStateError: "這個裝置已經有您的密碼金鑰了。",
    SecurityError: "這個網址不能用密碼金鑰，請洽資訊人員。",
  };
  const inWords = (error) => error instanceof Problem ? error.message : WORDS[error.name] ?? "這個瀏覽器沒有完成，請再試一次或換一個瀏覽器。";

  const run = async (form, work, then) => {
    const told = form.querySelector("[data-passkey-told]");
    told.textContent = "請依瀏覽器的指示操作……";
    try {
      form.elements.answer.value = JSON.stringify(await work(form));
    } catch (error) {
      told.textContent = inWords(error);
      return;
    }
    told.textContent = "";
    then(told);
  };

  for (const part of document.querySelectorAll("[data-passkey-part]")) part.hidden = false;

  for (const button of document.querySelectorAll("[data-passkey-prove]")) {
    const form = button.form;
    button.addEventListener("click", () => run(form, proof, (told) => {
      /* The code is no longer asked for. */
      form.elements.code.required = false;
      if (button.dataset.passkeyProve === "send") form.requestSubmit();
      else told.textContent = "已用密碼金鑰確認，請在五分鐘內按要做的事。";
    }));
  }

  for (const form of document.querySelectorAll("form[data-passkey-new]")) {
    form.addEventListener("submit", (event) => {
      if (form.elements.answer.value) return;
      event.preventDefault();
      run(form, made, () => form.requestSubmit());
    });
  }
})();
