(() => {
  const $ = (selector) => document.querySelector(selector), all = (selector) => [...document.querySelectorAll(selector)];
  const words = WORDS, root = document.documentElement;
  const kept = (name, value) => { try { return value === undefined ? localStorage.getItem(name) : localStorage.setItem(name, value); } catch { return null; } };

  const theme = $("#theme"), isDark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const paint = () => theme.setAttribute("aria-pressed", isDark());
  if (["dark", "light"].includes(kept("theme"))) root.dataset.theme = kept("theme");
  theme.hidden = false; paint();
  theme.onclick = () => { root.dataset.theme = isDark() ? "light" : "dark"; kept("theme", root.dataset.theme); paint(); };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);

  const audio = $("#audio");
  if (!audio) return;
  const lines = all(".s"), starts = lines.map((each) => each.dataset.t / 1000);
  const chapters = all(".chapters a[data-t]"), begins = chapters.map((each) => each.dataset.t / 1000);
  const follow = $("#follow"), speed = $("#speed"), said = $("#said");
  all(".tools, .follow, .keys").forEach((each) => { each.hidden = false; });

  const place = (times, now) => { let low = 0, high = times.length; while (low < high) { const mid = (low + high) >> 1; times[mid] <= now + .02 ? low = mid + 1 : high = mid; } return low - 1; };
  const mark = (items, at, before) => { if (items[before]) items[before].removeAttribute("aria-current"); if (items[at]) items[at].setAttribute("aria-current", "true"); };
  let line = -1, chapter = -1, away = 0;
  ["wheel", "touchmove"].forEach((name) => addEventListener(name, () => { away = Date.now(); }, { passive: true }));
  const show = (anew) => {
    const now = audio.currentTime, at = place(starts, now), in_ = place(begins, now);
    if (in_ !== chapter) { mark(chapters, in_, chapter); chapter = in_; }
    if (at === line && anew !== true) return;
    mark(lines, at, line); line = at;
    if (at >= 0 && follow.checked && !audio.paused && Date.now() - away > 5000) {
      const box = lines[at].getBoundingClientRect();
      if (box.top < 80 || box.bottom > innerHeight - 160) lines[at].scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    }
  };
  const seek = (time, play) => {
    const go = () => { audio.currentTime = Math.max(0, time); show(); };
    audio.readyState ? go() : (audio.addEventListener("loadedmetadata", go, { once: true }), audio.load());
    if (play) audio.play().catch(() => {});
  };
  ["timeupdate", "seeked"].forEach((name) => audio.addEventListener(name, show));
  let frame; const tick = () => { show(); frame = audio.paused ? 0 : requestAnimationFrame(tick); };
  audio.addEventListener("play", () => { show(true); frame ||= requestAnimationFrame(tick); });
  audio.addEventListener("error", () => { said.textContent = words.lost; });

  speed.value = kept("speed") || "1"; if (!speed.value) speed.value = "1";
  audio.defaultPlaybackRate = audio.playbackRate = +speed.value;
  speed.onchange = () => { audio.defaultPlaybackRate = audio.playbackRate = +speed.value; kept("speed", speed.value); };
  all("[data-jump]").forEach((each) => { each.onclick = () => seek(audio.currentTime + +each.dataset.jump); });

  document.addEventListener("click", (event) => {
    const hit = event.target.closest("a[data-t], .s");
    if (!hit || event.ctrlKey || event.metaKey || event.shiftKey || (hit.matches(".s") && String(getSelection()))) return;
    event.preventDefault();
    if (hit.matches("a")) history.replaceState(null, "", hit.getAttribute("href"));
    seek(hit.dataset.t / 1000, true);
  });

  $("#lines").addEventListener("keydown", (event) => {  // only while the focus is in the transcript (WCAG 2.1.4)
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const links = all("#lines a.t"), at = links.indexOf(document.activeElement);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const next = links[at + (event.key === "ArrowDown" ? 1 : -1)];
      if (next) { event.preventDefault(); next.focus(); }
    } else if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
      const on = (event.key === "ArrowRight") !== (root.dir === "rtl"), next = place(starts, audio.currentTime) + (on ? 1 : -1);
      event.preventDefault(); seek(starts[Math.min(starts.length - 1, Math.max(0, next))]);
    } else if (event.key === " ") { event.preventDefault(); audio.paused ? audio.play().catch(() => {}) : audio.pause(); }
  });

  const asked = () => { const found = /[#&]t=(\d+(?:\.\d+)?)/.exec(location.hash); if (found) seek(+found[1]); };
  addEventListener("hashchange", asked); asked();
  $("#share").onclick = async () => {
    const time = Math.floor(audio.currentTime * 10) / 10;
    history.replaceState(null, "", `#t=${time}`);
    try { await navigator.clipboard.writeText(location.href); said.textContent = words.copied; } catch { said.textContent = words.there; }
  };
})();
