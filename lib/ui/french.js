// Streamlit has no translation of its own texts (menus, tool bars, uploader, data grid): this turns them into French as
// they appear. Texts of the pages are French already; a browser test lists any English string left.
(() => {
  "use strict";
  const TEXTS = {
    "About": "À propos",
    "Ascending": "Croissant",
    "Autosize": "Ajuster la largeur",
    "Cancel": "Annuler",
    "Choose an option": "Choisir",
    "Choose options": "Choisir",
    "Clear all": "Tout effacer",
    "Clear cache": "Vider le cache",
    "Clear value": "Effacer",
    "Close": "Fermer",
    "Close fullscreen": "Quitter le plein écran",
    "Close sidebar": "Fermer le menu",
    "Collapse sidebar": "Fermer le menu",
    "Column options": "Options de la colonne",
    "Connecting": "Connexion…",
    "Connection error": "Connexion interrompue",
    "Copy link": "Copier le lien",
    "Copy to clipboard": "Copier",
    "Deselect all": "Tout désélectionner",
    "Download as CSV": "Télécharger en CSV",
    "Error": "Erreur",
    "Expand sidebar": "Ouvrir le menu et les filtres",
    "Format": "Format",
    "Fullscreen": "Plein écran",
    "Hide column": "Masquer la colonne",
    "Info": "Information",
    "Loading": "Chargement…",
    "Main menu": "Menu principal",
    "No options to select": "Aucun choix",
    "No options to select.": "Aucun choix.",
    "No results": "Aucun résultat",
    "Open": "Ouvrir",
    "Open sidebar": "Ouvrir le menu et les filtres",
    "Page not found": "Page introuvable",
    "Pin column": "Épingler la colonne",
    "Please wait...": "Patientez…",
    "Print": "Imprimer",
    "RUNNING...": "Calcul en cours…",
    "Record screencast": "Enregistrer l’écran",
    "Record a screencast": "Enregistrer l’écran",
    "Rerun": "Actualiser",
    "Running...": "Calcul en cours…",
    "Search": "Rechercher",
    "Select all": "Tout sélectionner",
    "Selected values": "Valeurs choisies",
    "Settings": "Réglages",
    "Show data": "Voir les données",
    "Show/hide columns": "Afficher ou masquer des colonnes",
    "Skip to main content": "Aller au contenu principal",
    "Sort ascending": "Tri croissant",
    "Sort descending": "Tri décroissant",
    "Statistics": "Statistiques",
    "Stop": "Arrêter",
    "Success": "Réussite",
    "Unpin column": "Détacher la colonne",
    "Upload": "Parcourir…",
    "View fullscreen": "Plein écran",
    "Warning": "Avertissement",
    "You have not selected any options": "Aucun choix",
  };
  const PATTERNS = [
    [/^Remove (.+)$/, "Retirer $1"],
    [/^Clear (.+)$/, "Effacer $1"],
    [/^Selected (.+)$/, "Choix : $1"],
    [/^(\d+)MB per file/, "$1 Mo par fichier"],
    [/^The page that you have requested does not seem to exist\. Running the app's main page\.$/,
      "Cette page n’existe pas. La synthèse est affichée."],
  ];
  const ATTRIBUTES = ["aria-label", "title", "placeholder", "alt", "aria-roledescription"];

  const translate = (text) => {
    const key = text.trim();
    if (!key) return text;
    if (Object.hasOwn(TEXTS, key)) return text.replace(key, TEXTS[key]);
    for (const [pattern, french] of PATTERNS) if (pattern.test(key)) return text.replace(pattern, french);
    return text;
  };
  const fix = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      const french = translate(node.data);
      if (french !== node.data) node.data = french;
      return;
    }
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    for (const name of ATTRIBUTES) {
      const text = node.getAttribute(name);
      if (text === null) continue;
      const french = translate(text);
      if (french !== text) node.setAttribute(name, french);
    }
    if (!/^(SCRIPT|STYLE|TEXTAREA|CODE)$/.test(node.tagName)) node.childNodes.forEach(fix);
  };
  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "childList") change.addedNodes.forEach(fix);
      else fix(change.target);
    }
  }).observe(document.documentElement, {
    subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES,
  });
  fix(document.documentElement);
})();
