import { EXPIRED_MAX, HISTORY_FIRST, HISTORY_MAX } from '../../limits.ts';
import { LANES } from '../../rank.ts';
import { ALERT_STATES, FACTS, type StateTransition, TRANSITIONS } from '../../states.ts';
import { KEY_NAMES } from '../keys.ts';

/**
 * What all scripts begin with. Each script is one transition and runs alone in Redis, so that it is done wholly or not at all.
 *
 * KEYS, the same for all: those of keys.ts. META is a hash from alert id to a JSON object, BODY one from alert id to the pieces of the alert's line
 * (lineParts, one a line: head, middle, tail, then each hit). A ranking is a sorted set of equal scores, whose members are `rankText`s.
 * ARGV 1: present in ms, or '' for the server's own clock. 2: claims that may be given back. 3: name of the request, or ''. The script's own follow.
 * Times and offsets are kept as decimal text, since Lua's JSON rounds numbers to 14 digits.
 */
const REQUESTS_MAX = 1000;

export function script(body: string): string {
  return PRELUDE + body;
}

function luaRow(row: StateTransition): string {
  const guard = FACTS.filter((fact) => row.guard[fact] !== undefined).map((fact) => `${fact} = ${row.guard[fact]}`);
  return `{ from = '${row.from}', action = '${row.action}', to = '${row.to}', guard = { ${guard.join(', ')} } }`;
}

const PRELUDE = `
local ${KEY_NAMES.join(', ')} = ${KEY_NAMES.map((_, i) => `KEYS[${i + 1}]`).join(', ')}
local STATES = { ${ALERT_STATES.map((s) => `'${s}'`).join(', ')} }
local LANES = { ${LANES.map((l) => `'${l}'`).join(', ')} }
local RANKING = {}
for s, state in ipairs(STATES) do
  RANKING[state] = {}
  for l, lane in ipairs(LANES) do RANKING[state][lane] = KEYS[${KEY_NAMES.length} + (s - 1) * #LANES + l] end
end

local function digits(n) return string.format('%.0f', n) end
local NOW = tonumber(ARGV[1])
if not NOW then
  local time = redis.call('TIME')
  NOW = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end
local TRIES_MAX = tonumber(ARGV[2])
local REQUEST = ARGV[3]

-- The table of states.ts.
local TRANSITIONS = {
  ${TRANSITIONS.map(luaRow).join(',\n  ')}
}
local function next_state(from, action, facts)
  for _, row in ipairs(TRANSITIONS) do
    if row.from == from and row.action == action then
      local holds = true
      for fact, wanted in pairs(row.guard) do holds = holds and facts[fact] == wanted end
      if holds then return row.to end
    end
  end
  return nil
end

local function load(id)
  local text = redis.call('HGET', META, id)
  return text and cjson.decode(text) or nil
end
local function store(id, m) redis.call('HSET', META, id, cjson.encode(m)) end
local function unrank(m) redis.call('ZREM', RANKING[m.state][m.lane], m.rank) end
local function rank(m) redis.call('ZADD', RANKING[m.state][m.lane], 0, m.rank) end

local function add_entry(m, by, action, note, at)
  local history = m.history or {}
  history[#history + 1] = { atMs = at or digits(NOW), by = by, action = action, note = note }
  if #history > ${HISTORY_MAX} then
    table.remove(history, ${HISTORY_FIRST} + 1)
    m.historyOmitted = (m.historyOmitted or 0) + 1
  end
  m.history = history
end

-- Moves an alert that has a content to another state, in the rankings too.
local function move(id, m, state)
  if state ~= m.state then
    unrank(m)
    m.state = state
    rank(m)
  end
  store(id, m)
end

-- The end of a claim. RETURNS nothing; the alert is ready, withdrawn or dead.
local function give_back(id, m, action, by, note, at)
  m.tries = m.tries + 1
  m.lapsedBy = action == 'expire' and m.claim.by or nil
  m.claim = nil
  m.changed = nil
  redis.call('ZREM', LEASES, id)
  add_entry(m, by, action, note, at)
  move(id, m, next_state('claimed', action, { hits = not m.withdrawn, triesLeft = m.tries < TRIES_MAX }))
end

-- Ends the leases whose time is over. Every script does so first, so that nobody sees a claim that is none.
local function expire()
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', LEASES, '-inf', digits(NOW), 'LIMIT', 0, ${EXPIRED_MAX})) do
    local m = load(id)
    give_back(id, m, 'expire', 'moneytrail', 'the claim of ' .. m.claim.by .. ' ran out', m.claim.untilMs)
  end
end

local function alert(id)
  local meta = redis.call('HGET', META, id)
  return { id, meta, redis.call('HGET', BODY, id) }
end

-- A request whose answer was lost is sent again under its name: what it did is remembered, and it is not done twice.
local function remembered() return REQUEST ~= '' and redis.call('HGET', REQUESTS, REQUEST) end
local function remember(answer)
  if REQUEST == '' then return end
  redis.call('HSET', REQUESTS, REQUEST, answer)
  if redis.call('LPUSH', REQUEST_ORDER, REQUEST) > ${REQUESTS_MAX} then redis.call('HDEL', REQUESTS, redis.call('RPOP', REQUEST_ORDER)) end
end

-- One step of a person on the alert ARGV 4, whose name is ARGV 5. 'make' does it and answers nil, or the code of a refusal.
-- RETURNS { 1, alert } or { 0, code, state }.
local function step(action, held, make)
  local id, by = ARGV[4], ARGV[5]
  if remembered() then return { 1, alert(id) } end
  expire()
  local m = load(id)
  if not m or m.state == 'retracted' then return { 0, 'not-found', '' } end
  local code = nil
  if held and m.claim and m.claim.by ~= by then code = 'not-holder' end
  if held and not m.claim then code = m.lapsedBy == by and 'not-holder' or 'wrong-state' end
  local state = next_state(m.state, action, { hits = not m.withdrawn, triesLeft = m.tries + 1 < TRIES_MAX })
  if not code and not state then code = 'wrong-state' end
  code = code or make(id, m, by, state)
  if code then return { 0, code, m.state } end
  remember('1')
  return { 1, alert(id) }
end
`;
