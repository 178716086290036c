import { script } from './common.ts';

/** Arguments of one change. */
export const CHANGE_ARGS = 7;

export const deliver = script(`
-- Purpose:   takes one batch of the owner: frontier, wm and the alerts that it changed (S13, S20).
-- Guarantee: applied wholly or refused wholly. Applied iff the epoch is not below the stored one and the stored frontier and wm are those before. A batch that is
--            sent again is refused, and what stands is its own after. A content equal to the stored one makes no revision.
-- KEYS:      as common; written: all but REQUESTS and REQUEST_ORDER.
-- ARGV:      4 epoch, 5 frontier before, 6 wm before ('' for none), 7 frontier after, 8 wm after, 9 first receipt, 10 digest of rules, 11 of rates,
--            12 lines that the firehose keeps, 13 number of places to skip, then these, then of each change: id, finalAt in ms, finalAt as time, digest of the content, lane, first part of
--            the rank (severity and score), body. Without hits digest, lane, rank and body are ''.
-- RETURNS:   { 1, revisions } or { 0, fields and values of STANDING, the places to skip }.
local stored = redis.call('HMGET', STANDING, 'epoch', 'frontier', 'wmMs')
if tonumber(ARGV[4]) < tonumber(stored[1] or 0) or ARGV[5] ~= (stored[2] or '[]') or ARGV[6] ~= (stored[3] or '') then
  return { 0, redis.call('HGETALL', STANDING), redis.call('SMEMBERS', SKIP) }
end
expire()
redis.call('HSET', STANDING, 'epoch', ARGV[4], 'frontier', ARGV[7], 'wmMs', ARGV[8], 'firstReceiptMs', ARGV[9], 'rulesDigest', ARGV[10], 'ratesDigest', ARGV[11])
local skips = tonumber(ARGV[13])
for i = 14, 13 + skips do redis.call('SADD', SKIP, ARGV[i]) end

-- The parts of a body. Found by plain search, since Lua's patterns take a hundred times as long.
local function parts_of(body)
  local a = string.find(body, '\\n', 1, true)
  local b = string.find(body, '\\n', a + 1, true)
  local c = string.find(body, '\\n', b + 1, true)
  return string.sub(body, 1, a - 1), string.sub(body, a + 1, b - 1), string.sub(body, b + 1, c - 1), string.sub(body, c + 1)
end

local function say(id, m, body)
  local line = '{"schema":"alert/1","alertId":"' .. id .. '","rev":' .. digits(m.rev) .. ',"op":"' .. m.op .. '","finalAt":"' .. m.finalAt .. '"'
  if body then
    local head, middle, tail, hits = parts_of(body)
    if string.find(hits, '\\n', 1, true) then hits = string.gsub(hits, '\\n', ',') end
    line = line .. ',' .. head .. ',"hits":[' .. hits .. '],' .. middle .. ',"withdrawn":' .. tostring(m.withdrawn == true) .. ',' .. tail .. '}'
  else
    line = line .. '}'
  end
  redis.call('XADD', FIREHOSE, 'MAXLEN', '~', ARGV[12], '*', 'line', line)
end

-- The hits of a body without their scores, and their true number.
local function hits_of(body)
  local _, middle, _, hits = parts_of(body)
  local set = {}
  for hit in string.gmatch(hits, '[^\\n]+') do set[string.match(hit, '^(.*),"score":')] = true end
  return set, tonumber(string.match(middle, '^"hitCount":(%d+)'))
end
local function adds(id, m, rank_start, body)
  if m.withdrawn or string.sub(rank_start, 1, 1) < string.sub(m.rank, 1, 1) then return true end
  local known, known_count = hits_of(redis.call('HGET', BODY, id))
  local hits, count = hits_of(body)
  if count > known_count then return true end
  for hit in pairs(hits) do if not known[hit] then return true end end
  return false
end

local function open(id, m, change)
  local opened = { rev = (m and m.rev or 0) + 1, op = 'open', state = next_state(m and m.state or 'none', 'hit', {}), tries = 0, createdAtMs = digits(NOW) }
  opened.digest, opened.lane = change.digest, change.lane
  opened.rank = change.rank .. string.format('%016.0f', NOW) .. id
  return opened
end
local function update(id, m, change)
  local state = next_state(m.state, 'hit', { added = m.state == 'resolved' and adds(id, m, change.rank, change.body) })
  unrank(m)
  if m.state == 'resolved' and state == 'ready' then
    m.changedAfterResolution, m.tries = true, 0
    add_entry(m, 'moneytrail', 'changed-after-resolution')
  elseif m.withdrawn and state ~= 'claimed' then
    add_entry(m, 'moneytrail', 'hit-again')
  end
  if state == 'claimed' then m.changed = true end
  m.rev, m.op, m.state, m.withdrawn, m.digest, m.lane = m.rev + 1, 'update', state, nil, change.digest, change.lane
  m.rank = change.rank .. string.sub(m.rank, #change.rank + 1)
  return m
end

-- RETURNS whether there is a new revision.
local function hit(id, m, change)
  local same = m and m.digest == change.digest and not m.withdrawn
  if same and m.finalAtMs == change.finalAtMs then return false end
  if not same then
    if not m or m.state == 'retracted' then m = open(id, m, change) else m = update(id, m, change) end
  end
  m.finalAtMs, m.finalAt = change.finalAtMs, change.finalAt
  redis.call('ZADD', FINAL, m.finalAtMs, id)
  store(id, m)
  if same then return false end
  redis.call('HSET', BODY, id, change.body)
  rank(m)
  say(id, m, change.body)
  return true
end
local function lose(id, m)
  if not m or m.state == 'retracted' or m.withdrawn then return false end
  local state = next_state(m.state, 'lose', { touched = m.history ~= nil })
  redis.call('ZREM', FINAL, id)
  if state == 'retracted' then
    unrank(m)
    redis.call('HDEL', BODY, id)
    m = { rev = m.rev + 1, op = 'retract', state = state, finalAtMs = m.finalAtMs, finalAt = m.finalAt }
    store(id, m)
    say(id, m, nil)
    return true
  end
  m.rev, m.op, m.withdrawn = m.rev + 1, 'update', true
  if state == 'claimed' then m.changed = true end
  if m.history then add_entry(m, 'moneytrail', 'withdrawn') end
  move(id, m, state)
  say(id, m, redis.call('HGET', BODY, id))
  return true
end

local revisions = 0
for i = 14 + skips, #ARGV, ${CHANGE_ARGS} do
  local id, m = ARGV[i], load(ARGV[i])
  local change = { finalAtMs = ARGV[i + 1], finalAt = ARGV[i + 2], digest = ARGV[i + 3], lane = ARGV[i + 4], rank = ARGV[i + 5], body = ARGV[i + 6] }
  local said
  if change.body == '' then said = lose(id, m) else said = hit(id, m, change) end
  if said then revisions = revisions + 1 end
end
return { 1, revisions }
`);
