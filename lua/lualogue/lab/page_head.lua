--- How the page of a run begins, with a place for its title. It may load and run nothing.

return [[<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>%s</title>
<style>
:root { color-scheme: light dark; --line: #8884;
  --good: #059669; --bad: #dc2626; --so-so: #d97706; --error: #7c3aed }
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 76rem; padding: 0 1rem }
h1 { font-size: 1.4rem }
h2 { font-size: 1.1rem; margin-top: 2rem }
table { border-collapse: collapse; width: 100%% }
th, td { border: 1px solid var(--line); padding: .3rem .5rem; text-align: left;
  vertical-align: top }
td.number { text-align: right; white-space: nowrap }
.scroll { overflow-x: auto }
.pass, .won, .better { color: var(--good) }
.fail, .lost, .worse { color: var(--bad) }
.cut, .shaky { color: var(--so-so) }
.error { color: var(--error) }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: .3rem 0;
  font: 13px/1.4 ui-monospace, monospace; unicode-bidi: plaintext }
summary { cursor: pointer; overflow-wrap: anywhere }
del { color: var(--bad) }
ins { color: var(--good) }
small { opacity: .7 }
.dot { display: inline-block; min-width: 1.3rem; border-radius: .65rem; color: #fff;
  text-align: center; font-size: .8rem }
svg { max-width: 100%%; height: auto; font: 12px system-ui, sans-serif }
svg text { fill: currentColor }
svg .on { fill: #fff; font-weight: 600 }
.grid { stroke: var(--line) }
.sure { stroke-width: 2; opacity: .45 }
.tick { stroke-width: 1.5; opacity: .75 }
.tick.cached { opacity: .3 }
.median { stroke-width: 4; opacity: .5 }
</style>
</head>
<body>]]
