// node-media-server with HLS, as its documentation sets it up: node serve.js RTMP_PORT HTTP_PORT FOLDER FFMPEG
const NodeMediaServer = require("node-media-server");

const [rtmpPort, httpPort, mediaRoot, ffmpeg] = process.argv.slice(2);
new NodeMediaServer({
  logType: 1,
  rtmp: { port: Number(rtmpPort), chunk_size: 60000, gop_cache: true, ping: 30, ping_timeout: 60 },
  http: { port: Number(httpPort), mediaroot: mediaRoot, allow_origin: "*" },
  trans: {
    ffmpeg,
    tasks: [{
      app: "live",
      hls: true,
      hlsFlags: "[hls_time=2:hls_list_size=7:hls_flags=delete_segments]",
    }],
  },
}).run();
