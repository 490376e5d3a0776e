-- Mixed requests for soak.py. Each of wrk's threads has one connection, so its answers come in the order of its requests: a generation that is lower than
-- that of the answer before is a stale answer. Environment: SOAK_IDS, a file of ids that stay in the store, one a line.
local ids, words, lists = {}, {}, {}
local threads = {}

function setup(thread)
    thread:set("number", #threads)
    table.insert(threads, thread)
end

local function pick(list) return list[math.random(#list)] end

-- What is asked, and how often of a hundred requests. `path` and `body` are functions; `kept` asks whether a kept answer still holds.
local function similar() return "/v1/papers/" .. pick(ids) .. "/similar" end
local function line() return '{"title":"' .. pick(words) .. " " .. pick(words) .. '","limit":3}' end
local kinds = {
    { name = "similar", share = 40, path = similar },
    { name = "similar_kept", share = 10, path = function() return "/v1/papers/" .. ids[1] .. "/similar" end, kept = true },
    { name = "similar_gzip", share = 5, path = similar, headers = { ["Accept-Encoding"] = "gzip" } },
    { name = "similar_filtered", share = 5, path = function() return similar() .. "?since=2021&explain=true&limit=5" end },
    { name = "paper", share = 10, path = function() return "/v1/papers/" .. pick(ids) end },
    { name = "titles", share = 10, path = function() return "/v1/titles?q=" .. pick(words):sub(1, 3) end },
    { name = "search", share = 5, path = function() return "/v1/search?q=" .. pick(words) .. "%20" .. pick(words) end },
    { name = "text", share = 4, path = function() return "/v1/similar" end, body = line },
    { name = "batch", share = 2, path = function() return "/v1/similar/batch" end,
      body = function() return pick(ids) .. "\n" .. pick(ids) .. "\n" .. line() .. "\n" end },
    { name = "page", share = 5, path = function() return pick({ "/", "/map", "/mail", "/search?q=" .. pick(words), "/papers/" .. pick(ids) }) end },
    { name = "map", share = 1, path = function() return "/v1/map" end },
    { name = "feed", share = 1, path = function() return "/feeds/digest.atom" end },
    { name = "state", share = 2, path = function() return pick({ "/healthz", "/readyz", "/metrics", "/openapi.json" }) end },
}

function init()
    for id in io.lines(os.getenv("SOAK_IDS")) do
        table.insert(ids, id)
    end
    for word in io.lines(os.getenv("SOAK_WORDS")) do
        table.insert(words, word)
    end
    math.randomseed(number + 1)
    for _, kind in ipairs(kinds) do
        for _ = 1, kind.share do
            table.insert(lists, kind)
        end
    end
    asked, bad, backwards, not_modified, generation, told = 0, 0, 0, 0, 0, ""
    kind, tag = nil, nil
end

function request()
    kind = pick(lists)
    asked = asked + 1
    path = kind.path()
    local headers = kind.headers
    if kind.kept and tag then
        headers = { ["If-None-Match"] = tag }
    end
    if kind.body then
        return wrk.format("POST", path, nil, kind.body())
    end
    return wrk.format("GET", path, headers)
end

local function header_of(headers, wanted)
    for name, value in pairs(headers) do
        if name:lower() == wanted then
            return value
        end
    end
end

-- A problem, told once: the first of each thread says enough.
local function tell(what)
    if told == "" then
        told = path .. ": " .. what
    end
end

function response(status, headers, body)
    if status ~= 200 and not (status == 304 and kind.kept) then
        bad = bad + 1
        tell(status .. " " .. body:sub(1, 300))
        return
    end
    local etag = header_of(headers, "etag")
    -- Every answer of a batch is of a state of its own, in their order: the last one counts.
    local now = etag and etag:match('^W/"(%d+)-') or kind.body and body:match('^.*"generation":(%d+)')
    if kind.kept then
        tag = etag
        not_modified = not_modified + (status == 304 and 1 or 0)
    end
    if now then
        now = tonumber(now)
        if now < generation then
            backwards = backwards + 1
            tell("generation " .. now .. " behind " .. generation)
        end
        generation = now
    end
end

function done(summary, latency)
    local sum = { asked = 0, bad = 0, backwards = 0, not_modified = 0 }
    for _, thread in ipairs(threads) do
        for name in pairs(sum) do
            sum[name] = sum[name] + thread:get(name)
        end
        if thread:get("told") ~= "" then
            print("told " .. thread:get("told"))
        end
    end
    for name, value in pairs(sum) do
        print(name .. " " .. value)
    end
    print("answered " .. summary.requests)
    for _, kind in ipairs({ "connect", "read", "write", "timeout" }) do
        print(kind .. "_errors " .. summary.errors[kind])
    end
    print("p99_ms " .. latency:percentile(99) / 1000)
end
