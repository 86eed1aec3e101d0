-- For wrk: posts the lines of a file, one a request, in their order, and prints a line "RESULT rate p50 p99 errors".
local bodies = {}
local next_body = 0

function init(arguments)
  for line in io.lines(arguments[1]) do
    local text = line:gsub('[%c"\\]', function(c) return string.format('\\u%04x', c:byte()) end)
    bodies[#bodies + 1] = wrk.format("POST", nil, {["Content-Type"] = "application/json"}, '{"text":"' .. text .. '"}')
  end
end

function request()
  next_body = next_body % #bodies + 1
  return bodies[next_body]
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format("RESULT %.1f %.1f %.1f %d", summary.requests / summary.duration * 1e6, latency:percentile(50) / 1000,
                      latency:percentile(99) / 1000, errors.status + errors.timeout + errors.connect + errors.read + errors.write))
end
