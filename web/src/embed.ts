import "./embed/embed.js";
