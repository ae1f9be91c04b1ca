/* The form's words, by language. Keys of errors are the real network's codes. */

const EN = {
  number: "Card number", expiry: "Expiration date", expiry_placeholder: "MM / YY", cvc: "Security code",
  cvc_placeholder: "CVC", country: "Country", postal: "Postal code", zip: "ZIP code",
  hint: "Test mode: no money moves.", fill: "Fill in a test card",
  incomplete_number: "Your card number is incomplete.", invalid_number: "Your card number is invalid.",
  incorrect_number: "Your card number is invalid.",
  incomplete_expiry: "Your card’s expiration date is incomplete.",
  invalid_expiry_month: "Your card’s expiration month is invalid.",
  invalid_expiry_year_past: "Your card’s expiration year is in the past.",
  invalid_expiry_year: "Your card’s expiration year is invalid.",
  expired_card: "Your card has expired. Try another card.",
  incomplete_cvc: "Your card’s security code is incomplete.", invalid_cvc: "Your card’s security code is invalid.",
  incorrect_cvc: "Your card’s security code is incorrect.", incomplete_zip: "Your postal code is incomplete.",
  unreachable: "We could not reach the payment network. Check your connection and try again.",
};
const DE = {
  number: "Kartennummer", expiry: "Ablaufdatum", expiry_placeholder: "MM / JJ", cvc: "Prüfziffer",
  cvc_placeholder: "CVC", country: "Land", postal: "Postleitzahl", zip: "Postleitzahl",
  hint: "Testmodus: Es fließt kein Geld.", fill: "Testkarte eintragen",
  incomplete_number: "Die Kartennummer ist unvollständig.", invalid_number: "Die Kartennummer ist ungültig.",
  incorrect_number: "Die Kartennummer ist ungültig.",
  incomplete_expiry: "Das Ablaufdatum der Karte ist unvollständig.",
  invalid_expiry_month: "Der Ablaufmonat der Karte ist ungültig.",
  invalid_expiry_year_past: "Das Ablaufjahr der Karte liegt in der Vergangenheit.",
  invalid_expiry_year: "Das Ablaufjahr der Karte ist ungültig.",
  expired_card: "Die Karte ist abgelaufen. Versuchen Sie eine andere.",
  incomplete_cvc: "Die Prüfziffer der Karte ist unvollständig.", invalid_cvc: "Die Prüfziffer der Karte ist ungültig.",
  incorrect_cvc: "Die Prüfziffer der Karte ist falsch.", incomplete_zip: "Die Postleitzahl ist unvollständig.",
  unreachable: "Das Zahlungsnetz ist nicht erreichbar. Prüfen Sie die Verbindung und versuchen Sie es erneut.",
};
const FR = {
  number: "Numéro de carte", expiry: "Date d’expiration", expiry_placeholder: "MM / AA", cvc: "Code de sécurité",
  cvc_placeholder: "CVC", country: "Pays", postal: "Code postal", zip: "Code postal",
  hint: "Mode test : aucun argent n’est débité.", fill: "Remplir une carte de test",
  incomplete_number: "Le numéro de votre carte est incomplet.", invalid_number: "Le numéro de votre carte n’est pas valide.",
  incorrect_number: "Le numéro de votre carte n’est pas valide.",
  incomplete_expiry: "La date d’expiration de votre carte est incomplète.",
  invalid_expiry_month: "Le mois d’expiration de votre carte n’est pas valide.",
  invalid_expiry_year_past: "L’année d’expiration de votre carte est passée.",
  invalid_expiry_year: "L’année d’expiration de votre carte n’est pas valide.",
  expired_card: "Votre carte a expiré. Essayez une autre carte.",
  incomplete_cvc: "Le code de sécurité de votre carte est incomplet.",
  invalid_cvc: "Le code de sécurité de votre carte n’est pas valide.",
  incorrect_cvc: "Le code de sécurité de votre carte est incorrect.", incomplete_zip: "Le code postal est incomplet.",
  unreachable: "Le réseau de paiement est injoignable. Vérifiez votre connexion et réessayez.",
};
const ES = {
  number: "Número de tarjeta", expiry: "Fecha de caducidad", expiry_placeholder: "MM / AA", cvc: "Código de seguridad",
  cvc_placeholder: "CVC", country: "País", postal: "Código postal", zip: "Código postal",
  hint: "Modo de prueba: no se mueve dinero.", fill: "Rellenar una tarjeta de prueba",
  incomplete_number: "El número de tarjeta está incompleto.", invalid_number: "El número de tarjeta no es válido.",
  incorrect_number: "El número de tarjeta no es válido.",
  incomplete_expiry: "La fecha de caducidad de la tarjeta está incompleta.",
  invalid_expiry_month: "El mes de caducidad de la tarjeta no es válido.",
  invalid_expiry_year_past: "El año de caducidad de la tarjeta ya ha pasado.",
  invalid_expiry_year: "El año de caducidad de la tarjeta no es válido.",
  expired_card: "La tarjeta ha caducado. Prueba con otra.",
  incomplete_cvc: "El código de seguridad de la tarjeta está incompleto.",
  invalid_cvc: "El código de seguridad de la tarjeta no es válido.",
  incorrect_cvc: "El código de seguridad de la tarjeta es incorrecto.", incomplete_zip: "El código postal está incompleto.",
  unreachable: "No se puede contactar con la red de pagos. Comprueba la conexión y vuelve a intentarlo.",
};
const LANGUAGES = { en: EN, de: DE, fr: FR, es: ES };

const COUNTRIES =
  "AT AU BE BG BR CA CH CL CY CZ DE DK EE ES FI FR GB GR HK HR HU IE IL IN IS IT JP KR LI LT LU LV MT MX MY NL NO NZ PL PT RO SE SG SI SK TH TR US ZA".split(" ");

/* The words of a language tag, and the tag that was understood. */
export function wordsFor(locale) {
  const language = String(locale).slice(0, 2).toLowerCase();
  return { words: LANGUAGES[language] || EN, language: language in LANGUAGES ? language : "en" };
}

/* [code, name] of every country, in the order of their names. */
export function countriesIn(language) {
  const names = new Intl.DisplayNames([language], { type: "region" });
  const pairs = COUNTRIES.map((code) => [code, names.of(code)]);
  return pairs.sort((one, other) => one[1].localeCompare(other[1], language));
}
