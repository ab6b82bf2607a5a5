// Streamlit has no translation of its own texts (menus, tool bars, uploader, data grid): this turns them into French as
// they appear. Texts of the pages are French already; a browser test lists any English string left.
(() => {
  "use strict";
  const TEXTS = {
    // The uploader, the date and the text fields of the import page.
    "Add files": "Ajouter un fichier",
    "add icon": "ajouter",
    "Choose date": "Choisir une date",
    "file upload": "dépôt de fichier",
    "Next month": "Mois suivant",
    "Previous month": "Mois précédent",
    "Press Enter to apply": "Entrée pour valider",
    "Press Enter to submit form": "Entrée pour envoyer",
    "Press ⌘+Enter to apply": "⌘+Entrée pour valider",
    "Press Ctrl+Enter to apply": "Ctrl+Entrée pour valider",
    "Use arrow keys to navigate dates. Enter to select. Escape to close.": "Les flèches parcourent les dates, Entrée choisit, Échap ferme.",
    "(index)": "(numéro de ligne)",
    "25th percentile": "Premier quartile",
    "75th percentile": "Troisième quartile",
    "About": "À propos",
    "Accounting": "Comptable",
    "Ascending": "Croissant",
    "Automatic": "Automatique",
    "Autosize": "Ajuster la largeur",
    "Average": "Moyenne",
    "Average length": "Longueur moyenne",
    "Based on sample": "Sur un échantillon",
    "Calendar": "Calendrier",
    "Cancel": "Annuler",
    "Choose an option": "Choisir",
    "Choose options": "Choisir",
    "Clear all": "Tout effacer",
    "Clear cache": "Vider le cache",
    "Clear value": "Effacer",
    "Close": "Fermer",
    "Close fullscreen": "Quitter le plein écran",
    "Close Search": "Fermer la recherche",
    "Close sidebar": "Fermer le menu",
    "Collapse sidebar": "Fermer le menu",
    "Column options": "Options de la colonne",
    "Compact": "Abrégé",
    "Connecting": "Connexion…",
    "Connecting to Streamlit server": "Connexion au serveur…",
    "Connection closed": "La connexion a été interrompue. Réessayez dans une minute.",
    "Connection error": "Connexion interrompue",
    "Connection timed out.": "Le serveur met trop de temps à répondre.",
    "Copied!": "Copié",
    "Copy column name": "Copier le nom de la colonne",
    "Copy link": "Copier le lien",
    "Copy to clipboard": "Copier",
    "Copy Vega-Lite spec": "Copier la définition du graphique",
    "Dataframe column menu": "Menu de la colonne",
    "Deselect all": "Tout désélectionner",
    "Dismiss": "Fermer",
    "Distinct": "Valeurs distinctes",
    "Distribution histogram": "Histogramme de la distribution",
    "Download as CSV": "Télécharger en CSV",
    "Download as PNG": "Télécharger l’image (PNG)",
    "Duration": "Durée",
    "Empty": "Vides",
    "Error": "Erreur",
    "Error:": "Erreur\u202f:",
    "Expand sidebar": "Ouvrir le menu et les filtres",
    "Failed to generate file for download": "Le fichier n’a pas pu être préparé. Réessayez dans une minute.",
    "Format": "Format",
    "Fullscreen": "Plein écran",
    "group mark container": "graphique",
    "Help": "Aide",
    "Hide column": "Masquer la colonne",
    "Info": "Information",
    "Is Streamlit still running? If you accidentally stopped Streamlit, just restart it in your terminal:":
      "Le serveur est arrêté. Pour le relancer\u202f:",
    "Link to heading": "Lien vers ce titre",
    "Loading": "Chargement…",
    "Localized": "Selon la langue",
    "Main menu": "Menu principal",
    "Maximum length": "Longueur maximale",
    "Median": "Médiane",
    "Minimum length": "Longueur minimale",
    "Next Result": "Résultat suivant",
    "No options to select": "Aucun choix",
    "No options to select.": "Aucun choix.",
    "No results": "Aucun résultat",
    "Open": "Ouvrir",
    "Open sidebar": "Ouvrir le menu et les filtres",
    "Page not found": "Page introuvable",
    "Percent": "Pourcentage",
    "Pin column": "Épingler la colonne",
    "Plain": "Brut",
    "Please wait...": "Patientez…",
    "Previous Result": "Résultat précédent",
    "Print": "Imprimer",
    "Record a screencast": "Enregistrer l’écran",
    "Record screencast": "Enregistrer l’écran",
    "rect mark container": "rectangles",
    "Request timed out": "Le serveur met trop de temps à répondre. Réessayez dans une minute.",
    "Rerun": "Actualiser",
    "rule mark container": "traits",
    "RUNNING...": "Calcul en cours…",
    "Running...": "Calcul en cours…",
    "Scientific": "Scientifique",
    "Search": "Rechercher",
    "Select all": "Tout sélectionner",
    "Selected values": "Valeurs choisies",
    "Settings": "Réglages",
    "Show chart": "Voir le graphique",
    "Show data": "Voir les données",
    "Show suggestions": "Voir les choix",
    "Show/hide columns": "Afficher ou masquer des colonnes",
    "Sidebar": "Menu et filtres",
    "Skip to main content": "Aller au contenu principal",
    "Sort ascending": "Tri croissant",
    "Sort descending": "Tri décroissant",
    "Standard deviation": "Écart-type",
    "Statistics": "Statistiques",
    "Stop": "Arrêter",
    "Streamlit server is not responding. Are you connected to the internet?":
      "Le serveur ne répond plus. Êtes-vous connecté à internet\u202f? La page reviendra d’elle-même.",
    "streamlit_folium.st_folium": "Carte",
    "subtitle": "sous-titre",
    "Success": "Réussite",
    "Suggestions": "Choix",
    "Sum": "Somme",
    "symbol mark container": "points",
    "text": "texte",
    "text mark container": "textes",
    "title": "titre",
    "Top values frequency chart": "Valeurs les plus fréquentes",
    "Try again": "Réessayer",
    "Type to search": "Saisir le texte à chercher",
    "Unable to connect to Streamlit server": "Connexion au serveur impossible",
    "Unpin column": "Détacher la colonne",
    "Upload": "Parcourir…",
    "Values": "Valeurs",
    "View fullscreen": "Plein écran",
    "visualization": "graphique",
    "Warning": "Avertissement",
    "You have not selected any options": "Aucun choix",
  };
  const MONTHS = { January: "janvier", February: "février", March: "mars", April: "avril", May: "mai", June: "juin",
    July: "juillet", August: "août", September: "septembre", October: "octobre", November: "novembre",
    December: "décembre" };
  const PATTERNS = [
    [/^Selected Date: (\w+) 0?(\d+), (\d+)$/, (_, month, day, year) => `Choix : ${day} ${MONTHS[month]} ${year}`],
    [/^Choose date, /, "Choisir une date, "],
    [/^Cancel upload of (.+)$/, "Annuler le dépôt de $1"],
    [/^Remove (.+)$/, "Retirer $1"],
    [/^Clear (.+)$/, "Effacer $1"],
    [/^Help for (.+)$/, "Aide\u202f: $1"],
    [/^Selected (.+)$/, "Choix : $1"],
    [/^Select (\d+) matches$/, "Choisir les $1 résultats"],
    [/^(.+), selected$/, "$1, choisi"],
    [/^0 options available\.$/, "Aucun choix possible."],
    [/^1 option available\.$/, "1 choix possible."],
    [/^(\d+) options available\.$/, "$1 choix possibles."],
    [/^(\d+) result$/, "$1 résultat"],
    [/^(\d+) results$/, "$1 résultats"],
    [/^(\d+) of (\d+) results?$/, "$1 sur $2"],
    // A file that was not taken.
    [/^(?:Error: )?(?:AxiosError: Request failed with status code 413|File must be 20(?:\.0)?MB or smaller\.)$/,
      "Le fichier est trop gros\u202f: 20\u202fMo au plus."],
    [/^(?:Error: )?AxiosError: .+$/, "Le fichier n’est pas arrivé\u202f: déposez-le de nouveau."],
    [/^Connection failed with status (\d+)(?:, and response:|\.)$/, "Le serveur répond par l’erreur $1."],
    [/^over 1000$/, "plus de 1\u202f000"],
    [/^(\d+) of over 1000$/, "$1 sur plus de 1\u202f000"],
    [/^Title text '([^]*)'$/, "Titre\u202f: $1"],
    [/^Subtitle text '([^]*)'$/, "Sous-titre\u202f: $1"],
    // A tool's name, then what it acts upon, which is French already: the title of a chart, without its values.
    [/^(Show\/hide columns|Search|Fullscreen|Close fullscreen|Show data|Show chart|Download as (?:CSV|PNG)|Copy Vega-Lite spec): ([^]*?[.?!]) [A-Z\u00c0-\u00dd0-9«][^]*$/,
      (_, tool, title) => `${TEXTS[tool]}\u202f: ${title}`],
    [/^(Show\/hide columns|Search|Fullscreen|Close fullscreen|Show data|Show chart|Download as (?:CSV|PNG)|Copy Vega-Lite spec): /,
      (_, tool) => `${TEXTS[tool]}\u202f: `],
    [/^(Top values frequency chart|Distribution histogram): /, (_, chart) => `${TEXTS[chart]}\u202f: `],
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
