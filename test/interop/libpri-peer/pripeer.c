/* pripeer: an ISDN PRI layer 2/3 peer on top of libpri, one D channel, events as JSON lines on stdout.
 * The D channel is one of: UDP on the loopback (one datagram = one LAPD frame), an inherited datagram fd,
 * or a DAHDI channel. libpri wants two FCS octets at the end of every frame both ways; this program adds and
 * removes them, so that the datagrams carry them only when asked (--fcs). */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netdb.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include <libpri.h>
#ifdef WITH_DAHDI
#include <dahdi/user.h>
#endif

enum mode { M_ANSWER, M_REJECT, M_RING, M_PROGRESS, M_SILENT, M_MANUAL };
static struct {
  int node, sw, mode, cause, hcause, alert_ms, answer_ms, hangup_ms, proceeding, overlap, overlap_len, fcs, chan, excl, ton, bearer, law, calls, gap_ms, life_s, debug, isdn_debug, dahdi, fd, drop, early, start_ms, pres, rel_early;
  const char *call, *from, *name, *more, *redir, *bind, *peer, *uui;
} o = { .node = PRI_NETWORK, .sw = PRI_SWITCH_EUROISDN_E1, .mode = M_ANSWER, .cause = 17, .hcause = 16, .alert_ms = 50, .answer_ms = 150, .hangup_ms = -1, .proceeding = 1,
        .chan = 0, .excl = 1, .ton = PRI_UNKNOWN, .bearer = PRI_TRANS_CAP_3_1K_AUDIO, .law = PRI_LAYER_1_ALAW, .calls = 1, .gap_ms = 100, .life_s = 0, .dahdi = 0, .fd = -1, .from = "", .name = "", .overlap_len = 0, .start_ms = 0, .pres = PRES_ALLOWED_USER_NUMBER_PASSED_SCREEN };

struct leg { int used, id, out, chan, up, hungup, cref; q931_call *call; char digits[256]; const char *more; int moreoff; long t_alert, t_answer, t_hangup, t_digit; };
#define NLEG 4096
static struct leg legs[NLEG];
static struct pri *P; static int dfd = -1, up, placed, nextid = 1, stopping; static long t0, t_stop = -1, t_call = -1;
static unsigned long nrx, ntx, n_answered, n_done;
static unsigned char chan_used[256];

static long ms(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1000L + t.tv_nsec / 1000000; }
static void jstr(const char *k, const char *v) { printf(",\"%s\":\"", k); for (; *v; v++) { unsigned char c = *v; if (c == '"' || c == '\\') printf("\\%c", c); else if (c < 32 || c > 126) printf("\\u%04x", c); else putchar(c); } putchar('"'); }
static void ev(const char *name) { printf("{\"t\":%ld,\"ev\":\"%s\"", ms() - t0, name); }
static void evl(const char *name, struct leg *l) { ev(name); if (l) { printf(",\"leg\":%d,\"dir\":\"%s\",\"chan\":%d", l->id, l->out ? "out" : "in", l->chan); } }
static void end(void) { puts("}"); }

static uint16_t fcs16(const unsigned char *p, int n) { uint16_t c = 0xffff; while (n--) { c ^= *p++; for (int i = 0; i < 8; i++) c = c & 1 ? (c >> 1) ^ 0x8408 : c >> 1; } return c ^ 0xffff; }
static int io_read(struct pri *p, void *buf, int len) { (void)p; int n = read(dfd, buf, len - 2); if (n <= 0) {
#ifdef WITH_DAHDI
    if (n < 0 && errno == ELAST) { int x = 0; ioctl(dfd, DAHDI_GETEVENT, &x); ev("DAHDI_EVENT"); printf(",\"n\":%d", x); end(); }
#endif
    return 0; }
  nrx++; if (o.drop && (int)(random() % 100) < o.drop) return 0;
  if (o.fcs || o.dahdi) return n; /* already has them */
  uint16_t c = fcs16(buf, n); ((unsigned char *)buf)[n] = c & 255; ((unsigned char *)buf)[n + 1] = c >> 8; return n + 2; }
static int io_write(struct pri *p, void *buf, int len) { (void)p; ntx++; int n = len - 2; unsigned char *b = buf; if (o.drop && (int)(random() % 100) < o.drop) return len;
  if (o.fcs || o.dahdi) { uint16_t c = fcs16(b, n); b[n] = c & 255; b[n + 1] = c >> 8; n = len; }
  int r = write(dfd, buf, n); if (r != n && errno != ECONNREFUSED && errno != EAGAIN) { ev("WRITE_ERROR"); printf(",\"errno\":%d", errno); end(); } return len; }
static void msg(struct pri *p, char *s) { (void)p; if (o.debug) fputs(s, stderr); }
static void err(struct pri *p, char *s) { (void)p; size_t n = strlen(s); char c[512]; snprintf(c, sizeof c, "%.*s", (int)(n && s[n - 1] == '\n' ? n - 1 : n), s); ev("LIBPRI_ERROR"); jstr("text", c); end(); }

static struct leg *byc(q931_call *c) { for (int i = 0; i < NLEG; i++) if (legs[i].used && legs[i].call == c) return &legs[i]; return 0; }
static struct leg *byid(int id) { struct leg *last = 0; for (int i = 0; i < NLEG; i++) if (legs[i].used && (id ? legs[i].id == id : (!last || legs[i].id > last->id))) last = &legs[i]; return last; }
static struct leg *newleg(q931_call *c, int out) { for (int i = 0; i < NLEG; i++) if (!legs[i].used) { memset(&legs[i], 0, sizeof legs[i]); legs[i].used = 1; legs[i].id = nextid++; legs[i].out = out; legs[i].call = c; legs[i].t_alert = legs[i].t_answer = legs[i].t_hangup = legs[i].t_digit = -1; return &legs[i]; } return 0; }
static void freeleg(struct leg *l) { if (l->chan > 0 && l->chan < 256) chan_used[l->chan] = 0; l->used = 0; n_done++; }
static int maxchan(void) { return o.sw == PRI_SWITCH_EUROISDN_E1 || o.sw == PRI_SWITCH_QSIG ? 31 : 23; }
static int pickchan(void) { if (o.chan) return o.chan; int m = maxchan(); for (int i = 1; i <= m; i++) { int c = o.node == PRI_NETWORK ? i : m + 1 - i; if (m == 31 && c == 16) continue; if (!chan_used[c]) return c; } return 0; }

static void hang(struct leg *l, int cause) { if (!l || l->hungup) return; l->hungup = 1; l->t_alert = l->t_answer = l->t_digit = -1; evl("SEND_HANGUP", l); printf(",\"cause\":%d", cause); end(); pri_hangup(P, l->call, cause); }
static void place(const char *num, const char *more) {
  q931_call *c = pri_new_call(P); if (!c) { ev("NO_CALL"); end(); return; }
  struct leg *l = newleg(c, 1); l->chan = pickchan(); if (!l->chan) { ev("NO_CHANNEL"); end(); pri_destroycall(P, c); l->used = 0; return; }
  chan_used[l->chan] = 1; l->more = more; snprintf(l->digits, sizeof l->digits, "%s", num);
  struct pri_sr *sr = pri_sr_new(); pri_sr_set_channel(sr, l->chan, o.excl, 0); pri_sr_set_bearer(sr, o.bearer, o.bearer == PRI_TRANS_CAP_DIGITAL ? 0 : o.law);
  pri_sr_set_called(sr, (char *)num, o.ton, more ? 0 : 1); pri_sr_set_caller(sr, (char *)o.from, (char *)(o.name[0] ? o.name : NULL), o.ton, o.pres);
  if (o.redir) pri_sr_set_redirecting(sr, (char *)o.redir, o.ton, PRES_ALLOWED_USER_NUMBER_PASSED_SCREEN, PRI_REDIR_UNCONDITIONAL);
  if (o.uui) pri_sr_set_useruser(sr, o.uui);
  evl("SEND_SETUP", l); jstr("called", num); jstr("calling", o.from); end();
  if (pri_setup(P, c, sr)) { evl("SETUP_FAILED", l); end(); freeleg(l); }
  pri_sr_free(sr); if (o.rel_early > 0) l->t_hangup = ms() + o.rel_early; }
static void incoming(struct leg *l) { /* the number is complete: treat the call as the options say */
  long n = ms();
  if (o.mode == M_REJECT) {
    /* libpri answers a bare SETUP by itself only with 1, 34, 44, 82, 88 (RELEASE COMPLETE) and 6, 7, 26 (RELEASE); for the rest it
     * sends nothing unless some message went out before, so CALL PROCEEDING comes first and then DISCONNECT */
    switch (o.cause) { case 1: case 34: case 44: case 82: case 88: case 6: case 7: case 26: break; default: pri_proceeding(P, l->call, l->chan, 0); evl("SEND_PROCEEDING", l); end(); }
    hang(l, o.cause); return; }
  if (o.mode == M_SILENT || o.mode == M_MANUAL) return;
  if (o.proceeding) { pri_proceeding(P, l->call, l->chan, 0); evl("SEND_PROCEEDING", l); end(); }
  l->t_alert = n + o.alert_ms; if (o.mode == M_ANSWER) l->t_answer = n + o.alert_ms + o.answer_ms; if (o.mode == M_PROGRESS && o.answer_ms >= 0) l->t_answer = l->t_alert + o.answer_ms; }
static void answered(struct leg *l) { n_answered++; l->up = 1; if (o.hangup_ms >= 0) l->t_hangup = ms() + o.hangup_ms; }

static void on_event(pri_event *e) {
  struct leg *l = 0;
  switch (e->e) {
  case PRI_EVENT_DCHAN_UP: ev("DCHAN_UP"); end(); if (!up) { up = 1; if (o.call) t_call = ms() + o.start_ms; } break;
  case PRI_EVENT_DCHAN_DOWN: ev("DCHAN_DOWN"); end(); up = 0; break;
  case PRI_EVENT_RESTART: ev("RESTART"); printf(",\"chan\":%d", e->restart.channel); end(); break;
  case PRI_EVENT_SERVICE: ev("SERVICE"); printf(",\"chan\":%d,\"status\":%d", e->service.channel, e->service.changestatus); end(); break;
  case PRI_EVENT_SERVICE_ACK: ev("SERVICE_ACK"); printf(",\"chan\":%d,\"status\":%d", e->service_ack.channel, e->service_ack.changestatus); end(); break;
  case PRI_EVENT_RESTART_ACK: ev("RESTART_ACK"); printf(",\"chan\":%d", e->restartack.channel); end(); break;
  case PRI_EVENT_CONFIG_ERR: ev("CONFIG_ERR"); jstr("text", e->err.err); end(); break;
  case PRI_EVENT_RING:
    /* a call that was refused bare ends without an event: its leg is found by the reused pointer and dropped */
    l = byc(e->ring.call); if (l) freeleg(l);
    l = newleg(e->ring.call, 0);
    l->chan = e->ring.channel == -1 ? pickchan() : (e->ring.channel & 0xff); if (l->chan > 0) chan_used[l->chan] = 1; l->cref = e->ring.cref; snprintf(l->digits, sizeof l->digits, "%s", e->ring.callednum);
    evl("RING", l); printf(",\"cref\":%d,\"flexible\":%d,\"complete\":%d,\"bearer\":%d,\"layer1\":%d,\"pres\":%d,\"calledplan\":%d,\"callingplan\":%d,\"progressmask\":%d", e->ring.cref, e->ring.flexible, e->ring.complete, e->ring.ctype, e->ring.layer1, e->ring.callingpres, e->ring.calledplan, e->ring.callingplan, e->ring.progressmask);
    jstr("called", e->ring.callednum); jstr("calling", e->ring.callingnum); jstr("name", e->ring.callingname); if (e->ring.redirectingnum[0]) { jstr("redirecting", e->ring.redirectingnum); printf(",\"redirreason\":%d", e->ring.redirectingreason); } if (e->ring.keypad_digits[0]) jstr("keypad", e->ring.keypad_digits); if (e->ring.useruserinfo[0]) jstr("uui", e->ring.useruserinfo); end();
    if (o.overlap && !e->ring.complete && (int)strlen(l->digits) < o.overlap_len && o.mode != M_REJECT) { pri_setup_ack(P, l->call, l->chan, 0, 1); evl("SEND_SETUP_ACK", l); end(); }
    else incoming(l);
    break;
  case PRI_EVENT_INFO_RECEIVED:
    l = byc(e->ring.call); evl("INFO", l); jstr("digits", e->ring.callednum); printf(",\"complete\":%d", e->ring.complete); end();
    if (l && !l->up) { size_t n = strlen(l->digits); snprintf(l->digits + n, sizeof l->digits - n, "%s", e->ring.callednum); if (o.overlap && ((int)strlen(l->digits) >= o.overlap_len || e->ring.complete)) { evl("NUMBER_COMPLETE", l); jstr("called", l->digits); end(); incoming(l); } }
    break;
  case PRI_EVENT_KEYPAD_DIGIT: l = byc(e->digit.call); evl("KEYPAD", l); jstr("digits", e->digit.digits); end(); break;
  case PRI_EVENT_SETUP_ACK: l = byc(e->setup_ack.call); if (l) { l->chan = e->setup_ack.channel & 0xff; l->t_digit = ms() + 30; } evl("SETUP_ACK", l); printf(",\"progressmask\":%d", e->setup_ack.progressmask); end(); break;
  case PRI_EVENT_PROCEEDING: case PRI_EVENT_PROGRESS: l = byc(e->proceeding.call); if (l && e->proceeding.channel > 0) l->chan = e->proceeding.channel & 0xff; evl(e->e == PRI_EVENT_PROCEEDING ? "PROCEEDING" : "PROGRESS", l); printf(",\"progressmask\":%d", e->proceeding.progressmask); if (e->e == PRI_EVENT_PROGRESS) printf(",\"cause\":%d", e->proceeding.cause); end(); break;
  case PRI_EVENT_RINGING: l = byc(e->ringing.call); evl("RINGING", l); printf(",\"progressmask\":%d", e->ringing.progressmask); end(); break;
  case PRI_EVENT_ANSWER: l = byc(e->answer.call); evl("ANSWER", l); printf(",\"progressmask\":%d", e->answer.progressmask); end(); if (l) answered(l); break;
  case PRI_EVENT_CONNECT_ACK: l = byc(e->connect_ack.call); evl("CONNECT_ACK", l); end(); break;
  case PRI_EVENT_NOTIFY: l = byc(e->notify.call); evl("NOTIFY", l); printf(",\"info\":%d", e->notify.info); end(); break;
  case PRI_EVENT_FACILITY: l = byc(e->facility.call); evl("FACILITY", l); jstr("name", e->facility.callingname); end(); break;
  case PRI_EVENT_HANGUP_REQ: /* DISCONNECT came in: answer it with RELEASE */
    l = byc(e->hangup.call); evl("HANGUP_REQ", l); printf(",\"cause\":%d", e->hangup.cause); end(); if (l) l->hungup = 1; pri_hangup(P, e->hangup.call, e->hangup.cause); break;
  case PRI_EVENT_HANGUP: /* RELEASE or RELEASE COMPLETE came in, or a timer gave the call up */
    l = byc(e->hangup.call); evl("HANGUP", l); printf(",\"cause\":%d", e->hangup.cause); end(); pri_hangup(P, e->hangup.call, e->hangup.cause); if (l) freeleg(l); break;
  case PRI_EVENT_HANGUP_ACK: l = byc(e->hangup.call); evl("HANGUP_ACK", l); printf(",\"cause\":%d", e->hangup.cause); end(); if (l) freeleg(l); break;
  default: ev(pri_event2str(e->e)); end();
  } }

static void timers(void) { long n = ms();
  if (t_call >= 0 && n >= t_call && up && placed < o.calls) { placed++; t_call = n + o.gap_ms; place(o.call, o.more); }
  for (int i = 0; i < NLEG; i++) { struct leg *l = &legs[i]; if (!l->used) continue;
    if (l->t_digit >= 0 && n >= l->t_digit) { l->t_digit = -1; if (l->more && l->more[l->moreoff] && !l->hungup) { char d = l->more[l->moreoff++]; pri_information(P, l->call, d); evl("SEND_INFO", l); printf(",\"digit\":\"%c\"", d); end(); l->t_digit = n + 40; } }
    if (l->t_alert >= 0 && n >= l->t_alert) { l->t_alert = -1; if (o.mode == M_PROGRESS) { if (o.early) { pri_progress_with_cause(P, l->call, l->chan, 1, o.early); } else pri_progress(P, l->call, l->chan, 1); evl("SEND_PROGRESS", l); end(); } else { pri_acknowledge(P, l->call, l->chan, 0); evl("SEND_ALERTING", l); end(); } }
    if (l->t_answer >= 0 && n >= l->t_answer) { l->t_answer = -1; pri_answer(P, l->call, l->chan, 0); evl("SEND_CONNECT", l); end(); answered(l); }
    if (l->t_hangup >= 0 && n >= l->t_hangup) { l->t_hangup = -1; hang(l, o.hcause); } } }
static void command(char *s) { char *c = strtok(s, " \t\r\n"); if (!c) return; char *a = strtok(0, " \t\r\n"), *b = strtok(0, " \t\r\n"); struct leg *l;
  if (!strcmp(c, "call") && a) { place(a, b); return; }
  if (!strcmp(c, "quit")) { stopping = 1; return; }
  if (!strcmp(c, "restart") && a) { pri_reset(P, atoi(a)); ev("SEND_RESTART"); end(); return; }
  if (!strcmp(c, "service") && a && b) { pri_maintenance_service(P, 0, atoi(a), atoi(b)); ev("SEND_SERVICE"); end(); return; }
  int id = a && a[0] == '#' ? atoi(a + 1) : 0; char *v = id ? b : a; l = byid(id); if (!l) { ev("NO_SUCH_LEG"); end(); return; }
  if (!strcmp(c, "proceed")) pri_proceeding(P, l->call, l->chan, v ? 1 : 0);
  else if (!strcmp(c, "alert")) pri_acknowledge(P, l->call, l->chan, v ? 1 : 0);
  else if (!strcmp(c, "progress")) pri_progress(P, l->call, l->chan, 1);
  else if (!strcmp(c, "setupack")) pri_setup_ack(P, l->call, l->chan, 0, 1);
  else if (!strcmp(c, "answer")) { pri_answer(P, l->call, l->chan, 0); answered(l); }
  else if (!strcmp(c, "hangup")) { hang(l, v ? atoi(v) : o.hcause); return; }
  else if (!strcmp(c, "notify") && v) pri_notify(P, l->call, l->chan, atoi(v));
  else if (!strcmp(c, "digits") && v) for (; *v; v++) pri_information(P, l->call, *v);
  else if (!strcmp(c, "keypad") && v) pri_keypad_facility(P, l->call, v);
  else { ev("BAD_COMMAND"); end(); return; }
  evl("DID", l); jstr("cmd", c); end(); }

static int udp(const char *b, const char *p) { int s = socket(AF_INET, SOCK_DGRAM, 0); struct sockaddr_in a = { .sin_family = AF_INET }; a.sin_addr.s_addr = htonl(INADDR_LOOPBACK); a.sin_port = htons(atoi(b)); if (bind(s, (void *)&a, sizeof a)) { perror("bind"); exit(1); } a.sin_port = htons(atoi(p)); if (connect(s, (void *)&a, sizeof a)) { perror("connect"); exit(1); } return s; }
static int num(const char *s, ...) { va_list v; va_start(v, s); const char *k; while ((k = va_arg(v, const char *))) { int n = va_arg(v, int); if (!strcasecmp(s, k)) { va_end(v); return n; } } va_end(v); return atoi(s); }
int main(int argc, char **argv) {
  enum { O_BIND = 1, O_PEER, O_FD, O_DAHDI, O_NET, O_CPE, O_SW, O_MODE, O_CAUSE, O_HCAUSE, O_ALERT, O_ANS, O_HANG, O_NOPROC, O_OVL, O_FCS, O_CHAN, O_PREF, O_TON, O_BEARER, O_LAW, O_CALL, O_FROM, O_NAME, O_MORE, O_REDIR, O_UUI, O_CALLS, O_GAP, O_LIFE, O_DEBUG, O_DROP, O_PCAUSE, O_START, O_PRES, O_CANCEL };
  static const struct option lo[] = { {"bind",1,0,O_BIND},{"peer",1,0,O_PEER},{"fd",1,0,O_FD},{"dahdi",1,0,O_DAHDI},{"net",0,0,O_NET},{"cpe",0,0,O_CPE},{"switch",1,0,O_SW},{"mode",1,0,O_MODE},{"cause",1,0,O_CAUSE},{"hangup-cause",1,0,O_HCAUSE},{"alert-ms",1,0,O_ALERT},{"answer-ms",1,0,O_ANS},{"hangup-ms",1,0,O_HANG},{"no-proceeding",0,0,O_NOPROC},{"overlap",1,0,O_OVL},{"fcs",0,0,O_FCS},{"chan",1,0,O_CHAN},{"preferred",0,0,O_PREF},{"plan",1,0,O_TON},{"bearer",1,0,O_BEARER},{"law",1,0,O_LAW},{"call",1,0,O_CALL},{"from",1,0,O_FROM},{"name",1,0,O_NAME},{"more-digits",1,0,O_MORE},{"redirecting",1,0,O_REDIR},{"uui",1,0,O_UUI},{"calls",1,0,O_CALLS},{"gap-ms",1,0,O_GAP},{"for",1,0,O_LIFE},{"debug",1,0,O_DEBUG},{"drop",1,0,O_DROP},{"progress-cause",1,0,O_PCAUSE},{"start-ms",1,0,O_START},{"pres",1,0,O_PRES},{"cancel-ms",1,0,O_CANCEL},{0,0,0,0} };
  int c; while ((c = getopt_long(argc, argv, "", lo, 0)) != -1) switch (c) {
    case O_BIND: o.bind = optarg; break; case O_PEER: o.peer = optarg; break; case O_FD: o.fd = atoi(optarg); break; case O_DAHDI: o.dahdi = atoi(optarg); break;
    case O_NET: o.node = PRI_NETWORK; break; case O_CPE: o.node = PRI_CPE; break;
    case O_SW: o.sw = num(optarg, "euro", PRI_SWITCH_EUROISDN_E1, "ni2", PRI_SWITCH_NI2, "qsig", PRI_SWITCH_QSIG, "dms100", PRI_SWITCH_DMS100, "5ess", PRI_SWITCH_LUCENT5E, "4ess", PRI_SWITCH_ATT4ESS, "eurot1", PRI_SWITCH_EUROISDN_T1, "ni1", PRI_SWITCH_NI1, NULL); break;
    case O_MODE: o.mode = num(optarg, "answer", M_ANSWER, "reject", M_REJECT, "ring", M_RING, "progress", M_PROGRESS, "silent", M_SILENT, "manual", M_MANUAL, NULL); break;
    case O_CAUSE: o.cause = atoi(optarg); break; case O_HCAUSE: o.hcause = atoi(optarg); break; case O_ALERT: o.alert_ms = atoi(optarg); break; case O_ANS: o.answer_ms = atoi(optarg); break; case O_HANG: o.hangup_ms = atoi(optarg); break;
    case O_NOPROC: o.proceeding = 0; break; case O_OVL: o.overlap = 1; o.overlap_len = atoi(optarg); break; case O_FCS: o.fcs = 1; break; case O_CHAN: o.chan = atoi(optarg); break; case O_PREF: o.excl = 0; break;
    case O_TON: o.ton = num(optarg, "unknown", PRI_UNKNOWN, "national", PRI_NATIONAL_ISDN, "international", PRI_INTERNATIONAL_ISDN, "local", PRI_LOCAL_ISDN, "private", PRI_PRIVATE, NULL); break;
    case O_BEARER: o.bearer = num(optarg, "speech", PRI_TRANS_CAP_SPEECH, "3k1", PRI_TRANS_CAP_3_1K_AUDIO, "digital", PRI_TRANS_CAP_DIGITAL, NULL); break;
    case O_LAW: o.law = num(optarg, "alaw", PRI_LAYER_1_ALAW, "ulaw", PRI_LAYER_1_ULAW, NULL); break;
    case O_CALL: o.call = optarg; break; case O_FROM: o.from = optarg; break; case O_NAME: o.name = optarg; break; case O_MORE: o.more = optarg; break; case O_REDIR: o.redir = optarg; break; case O_UUI: o.uui = optarg; break;
    case O_CALLS: o.calls = atoi(optarg); break; case O_GAP: o.gap_ms = atoi(optarg); break; case O_LIFE: o.life_s = atoi(optarg); break; case O_DEBUG: o.debug = strtol(optarg, 0, 0); break; case O_DROP: o.drop = atoi(optarg); break; case O_PCAUSE: o.early = atoi(optarg); break; case O_START: o.start_ms = atoi(optarg); break; case O_CANCEL: o.rel_early = atoi(optarg); break;
    case O_PRES: o.pres = num(optarg, "allowed", PRES_ALLOWED_USER_NUMBER_PASSED_SCREEN, "restricted", PRES_PROHIB_USER_NUMBER_PASSED_SCREEN, "unavailable", PRES_NUMBER_NOT_AVAILABLE, NULL); break;
    default: return 2; }
  setvbuf(stdout, 0, _IOLBF, 0); t0 = ms(); srandom(1);
  if (o.dahdi) {
#ifdef WITH_DAHDI
    dfd = open("/dev/dahdi/channel", O_RDWR | O_NONBLOCK); if (dfd < 0 || ioctl(dfd, DAHDI_SPECIFY, &o.dahdi)) { perror("dahdi"); return 1; }
    struct dahdi_bufferinfo bi = { .txbufpolicy = DAHDI_POLICY_IMMEDIATE, .rxbufpolicy = DAHDI_POLICY_IMMEDIATE, .numbufs = 32, .bufsize = 1024 }; if (ioctl(dfd, DAHDI_SET_BUFINFO, &bi)) { perror("bufinfo"); return 1; }
#else
    fprintf(stderr, "built without DAHDI\n"); return 2;
#endif
  } else if (o.fd >= 0) { dfd = o.fd; } else if (o.bind && o.peer) dfd = udp(o.bind, o.peer); else { fprintf(stderr, "needs --bind PORT --peer PORT, --fd N or --dahdi CHAN\n"); return 2; }
  fcntl(dfd, F_SETFL, fcntl(dfd, F_GETFL) | O_NONBLOCK);
  pri_set_message(msg); pri_set_error(err);
  P = pri_new_cb(dfd, o.node, o.sw, io_read, io_write, NULL); if (!P) return 1;
  if (o.debug) pri_set_debug(P, o.debug);
  pri_set_overlapdial(P, o.overlap || o.more); pri_hangup_fix_enable(P, 1); pri_facility_enable(P); pri_set_service_message_support(P, 1);
  ev("START"); jstr("node", pri_node2str(o.node)); jstr("switch", pri_switch2str(o.sw)); jstr("libpri", pri_get_version()); end();
  int in = 1;
  while (!stopping) {
    pri_event *e; int wait = 20; struct timeval *nx = pri_schedule_next(P), tv; if (nx) { gettimeofday(&tv, 0); long d = (nx->tv_sec - tv.tv_sec) * 1000L + (nx->tv_usec - tv.tv_usec) / 1000; if (d < 0) d = 0; if (d < wait) wait = d; }
    struct pollfd p[2] = { {dfd, POLLIN | POLLPRI, 0}, {in ? 0 : -1, POLLIN, 0} };
    int r = poll(p, 2, wait);
    if (r > 0 && (p[0].revents & (POLLIN | POLLPRI | POLLERR))) { for (int k = 0; k < 64; k++) { unsigned long b = nrx; e = pri_check_event(P); if (e) on_event(e); if (nrx == b) break; } }
    if (r > 0 && (p[1].revents & (POLLIN | POLLHUP))) { static char line[512]; static size_t n; ssize_t k = read(0, line + n, sizeof line - 1 - n); if (k <= 0) in = 0; else { n += k; line[n] = 0; char *q; while ((q = strchr(line, '\n'))) { *q = 0; command(line); size_t used = q + 1 - line; memmove(line, q + 1, n - used + 1); n -= used; } } }
    while ((e = pri_schedule_run(P))) on_event(e);
    timers();
    if (o.life_s && ms() - t0 > o.life_s * 1000L) stopping = 1;
    if (o.call && placed >= o.calls && t_stop < 0) { int any = 0; for (int i = 0; i < NLEG; i++) any |= legs[i].used; if (!any && !o.life_s) t_stop = ms() + 200; }
    if (t_stop >= 0 && ms() >= t_stop) break;
  }
  ev("END"); printf(",\"placed\":%d,\"answered\":%lu,\"done\":%lu,\"rx\":%lu,\"tx\":%lu", placed, n_answered, n_done, nrx, ntx); end(); return 0; }
