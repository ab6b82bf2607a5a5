"""The map as a newcomer writes it, with every default: ours is compared with it."""

import folium
import streamlit as st
from streamlit_folium import st_folium

from lib.display.assets import asset_url
from lib.display.palette import ordered
from lib.territory.boundaries import load_boundaries

COLOURS = ordered(5)

st.set_page_config(layout="wide")
variable = st.selectbox("Variable", [0, 1, 2, 3])
communes = load_boundaries("commune").reset_index()
communes["classe"] = [(place * 7 + variable) % 5 if place % 11 == 0 else -1 for place in range(len(communes))]

region = folium.Map(location=[45, 0.4], zoom_start=7)
# The only concession, in its favour: folium's scripts and styles come from here, not from four other hosts.
region.default_js = [("leaflet", asset_url("leaflet.js"))]
region.default_css = [("leaflet_css", asset_url("leaflet.css"))]
folium.GeoJson(
    communes,
    style_function=lambda feature: {
        "fillColor": COLOURS[feature["properties"]["classe"]] if feature["properties"]["classe"] >= 0 else "#eeeeee",
        "color": "#555555",
        "weight": 0.5,
        "fillOpacity": 0.9,
    },
    tooltip=folium.GeoJsonTooltip(["nom", "pop", "classe"]),
).add_to(region)
st_folium(region, use_container_width=True, height=620)
