/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Being a member: planning; see session.h. Joining a session is join.c's,
 * making a new one make.c's, handing it on handover.c's, its end
 * leave.c's.
 */
#define _GNU_SOURCE
#include "session/session.h"
#include "policy/config.h"
#include "core/layout.h"
#include "core/sys.h"
#include "core/report.h"
#include "policy/view.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef __GLIBC__
extern void *__libc_stack_end;	/* the dynamic loader's */
#endif

struct session pt_session EACH_START_LAST;

int session_map(int fd, size_t size)
{
	struct session *s = &pt_session;
	int error;

	if (size <= LEASE_HEAD_LEN || size > POLICY_TEXT_MAX)
		return -EBADMSG;
	s->mapped = (size + LEASE_PAGE - 1) & ~(size_t)(LEASE_PAGE - 1);
	s->page = sys_map_file(fd, s->mapped, PROT_READ | PROT_WRITE, &error);
	s->page_writable = s->page != NULL;
	if (!s->page && error == EACCES)
		s->page = sys_map_file(fd, s->mapped, PROT_READ, &error);
	return s->page ? 0 : -error;
}

static void set_state(enum session_state state)
{
	__atomic_store_n(&pt_session.state, (int)state, __ATOMIC_RELEASE);
}

/*
 * No session: what is guarded has to fail from now on, so there must be a
 * policy that says what is guarded, even where the one asked for is no good.
 */
static void fail(int error, enum onfail onfail)
{
	struct session *s = &pt_session;
	static const char guards[] = "guard /dev/null\t/tmp\n"
				     "guard /dev/null\t/var/tmp\n";

	s->error = error;
	if (onfail == ONFAIL_PASS) {
		if (!s->reported)
			session_report();
		report("PRIVTMP_ONFAIL=pass", "this program runs unprotected, "
		       "in the shared directories", 0, NULL);
		view_use(NULL, NULL);
		set_state(SESSION_OFF);
		return;
	}
	if (!s->lease.policy.guards) {
		policy_parse(guards, sizeof guards - 1, &s->lease.policy);
		view_use(&s->lease.policy, NULL);
	}
	set_state(SESSION_FAILED);
}

static enum onfail onfail_of(const struct settings *settings)
{
	return settings->onfail && !strcmp(settings->onfail, "pass") ?
		       ONFAIL_PASS : ONFAIL_DENY;
}

static void no_helper(int error)
{
	report(pt_session.root, "no helper to remove this after a crash", error,
	       "run privtmp sweep afterwards");
}

/*
 * Whether none of the guarded directories exists, as in a fresh root: calls there
 * fail as they would without us, until there is one.
 */
static bool nothing_to_guard(void)
{
	const struct policy *policy = &pt_session.lease.policy;
	char view[POLICY_ROOT_MAX + 1];
	struct statx st;

	for (unsigned i = 0; i < policy->guards; i++) {
		if (policy->guard[i].view.len > POLICY_ROOT_MAX)
			return false;
		lease_root(&policy->guard[i].view, view);
		if (sys_statx(AT_FDCWD, view, 0, &st) != -ENOENT)
			return false;
	}
	return true;
}

/*
 * Makes what was planned; TOOL: which is its own helper. The state is STARTING,
 * and is another afterwards.
 */
static int make_planned(enum onfail onfail, bool tool)
{
	struct session *s = &pt_session;
	bool watched = !tool && s->lease.policy.keep != KEEP_ALWAYS;
	int gate = -1, ret, helper = 0;

	if (!tool && nothing_to_guard()) {
		s->error = ENOENT;
		set_state(SESSION_PLANNED);
		return ENOENT;
	}
	/* Who they are may have changed since main began. */
	if (s->main_reached)
		s->euid = sys_geteuid();
	if (watched)
		helper = reaper_start(&gate);
	s->lease.text[LEASE_REAPER] = watched && helper == 0 ? 'r' : '.';
	ret = session_make();
	if (gate >= 0)
		sys_close(gate);
	if (ret == 0 && helper < 0)
		no_helper(-helper);
	if (ret < 0) {
		fail(-ret, onfail);
		return -ret;
	}
	s->started = true;
	/* Other threads are looking at the rest of the view. */
	__atomic_store_n(&pt_view.links, s->page + LEASE_LINKS,
			 __ATOMIC_RELEASE);
	set_state(SESSION_LIVE);
	return 0;
}

/*
 * A process that was started in a guarded directory itself belongs in its
 * backing. One started further below stays where it is, since its files are
 * there; it is told, once a session.
 */
static void move_cwd(void)
{
	struct session *s = &pt_session;
	char cwd[PATH_MAX];
	ssize_t n = sys_getcwd(cwd, sizeof cwd);
	size_t inside;
	int guard;

	if (n <= 1 || cwd[0] != '/')
		return;
	n--;
	guard = view_guard_of(cwd, (size_t)n, &inside);
	if (guard < 0)
		return;
	pt_view.cwd_inside = 1;	/* what is started from here looks there, too */
	if (view_is_shared(cwd, (size_t)n, inside)) {
		view_know_cwd();
		return;
	}
	if (inside < (size_t)n) {
		view_exact();
		report(cwd, "the working directory is a shared one and stays "
		       "so: relative paths are not private", 0,
		       "start from another directory");
		return;
	}
	if (session_need_backing((unsigned)guard, true) == 0) {
		const struct text *root = &s->lease.policy.guard[guard].root;
		char to[POLICY_ROOT_MAX + PATH_MAX];

		memcpy(to, root->at, root->len);
		memcpy(to + root->len, cwd, (size_t)n + 1);
		sys_chdir(to);
	}
}

/*
 * Plans a session, or joins the one that is to be met at a root. 0 or -errno; the
 * state is LIVE for the latter.
 */
static int plan_or_meet(const struct settings *settings, char *const *envp)
{
	struct session *s = &pt_session;
	int ret;

	memset(&s->lease.policy, 0, sizeof s->lease.policy);
	ret = session_plan(settings, envp);
	if (ret < 0 || s->lease.policy.scope != SCOPE_ROOT)
		return ret;
	ret = session_meet(true);
	if (ret == 0) {
		view_use(&s->lease.policy, s->page + LEASE_LINKS);
		set_state(SESSION_LIVE);
		return 0;
	}
	/* It may have read some of that one's policy. */
	return ret == -ENOENT ? 0 : session_plan(settings, envp);
}

/* Plans a session; TOOL: makes it, too. The state is STARTING. */
static int start(const struct settings *settings, char *const *envp, bool tool)
{
	struct session *s = &pt_session;
	const enum onfail onfail = onfail_of(settings);
	int ret = plan_or_meet(settings, envp);

	if (ret < 0) {
		fail(-ret, onfail);
		return -ret;
	}
	if (s->state == SESSION_LIVE) {
		move_cwd();
		return 0;
	}
	view_use(&s->lease.policy, NULL);
	/* Whoever would rather run unprotected has to know it from the start. */
	if (tool || onfail == ONFAIL_PASS) {
		ret = make_planned(onfail, tool);
		if (ret)
			return ret;
	} else {
		set_state(SESSION_PLANNED);
	}
	move_cwd();
	return 0;
}

/*
 * The configuration is wrong: what is guarded fails, as far as that can be told.
 * The reason is given when it does, for programs that use no /tmp go on.
 */
static int refuse(const struct settings *settings, const struct settings *given)
{
	struct session *s = &pt_session;

	memset(&s->lease.policy, 0, sizeof s->lease.policy);
	if (session_plan(settings, NULL) == 0)
		view_use(&s->lease.policy, NULL);
	s->reported = false;
	fail(EINVAL, onfail_of(given));
	return EINVAL;
}

static bool is_off(const struct settings *settings)
{
	if (!settings->mode || strcmp(settings->mode, "off") != 0)
		return false;
	set_state(SESSION_OFF);
	return true;
}

/* Joins the session that VALUE names, if it is for this program to join. */
static bool join(const char *value)
{
	struct session *s = &pt_session;

	if (session_join(value) < 0)
		return false;
	/* Where each program has its own, this one's was made by the launcher. */
	if (s->lease.policy.scope != SCOPE_PROCESS || s->first) {
		view_use(&s->lease.policy, s->page + LEASE_LINKS);
		set_state(SESSION_LIVE);
		return true;
	}
	/* Not a member of that one: it ends without this process. */
	session_let_go();
	return false;
}

int session_enter(char *const *envp, const struct settings *settings)
{
	struct session *s = &pt_session;
	struct settings given, all;
	const bool tool = settings != NULL;
	const char *inherited = NULL;
	int none = SESSION_NONE;

	if (!__atomic_compare_exchange_n(&s->state, &none, SESSION_STARTING,
					 false, __ATOMIC_ACQUIRE,
					 __ATOMIC_ACQUIRE))
		return 0;
	s->pid = sys_getpid();
	/* Here, because constructors of others may come before our own. */
	s->privileged = !tool && getauxval(AT_SECURE) != 0;
	if (s->privileged)
		envp = NULL;
	if (!s->main_reached)
		s->euid = (unsigned)getauxval(AT_EUID);	/* no call needed yet */
	else
		s->euid = sys_geteuid();
	if (tool)
		return is_off(settings) ? 0 : start(settings, envp, true);
	settings_from_environment(envp, &given);
	if (is_off(&given))
		return 0;
	inherited = environment_value(envp, SESSION_VARIABLE);
	if (inherited && join(inherited))
		return 0;
	all = given;
	if (config_load(NULL, &all) < 0)
		return refuse(&all, &given);
	return is_off(&all) ? 0 : start(&all, envp, false);
}

/* A handler that needs the session, too, would wait for what it interrupts. */
static void block_signals(sigset_t *before)
{
	sigset_t all;

	memset(&all, 0xff, sizeof all);
	SYS4(SYS_rt_sigprocmask, SIG_SETMASK, &all, before, _NSIG / 8);
}

static void unblock_signals(const sigset_t *before)
{
	SYS4(SYS_rt_sigprocmask, SIG_SETMASK, before, NULL, _NSIG / 8);
}

int session_share(void)
{
	struct session *s = &pt_session;
	int ret = session_need(), planned = SESSION_PLANNED;
	sigset_t before;

	if (ret || s->state != SESSION_PLANNED)
		return ret;
	block_signals(&before);
	if (__atomic_compare_exchange_n(&s->state, &planned, SESSION_STARTING,
					false, __ATOMIC_ACQUIRE,
					__ATOMIC_ACQUIRE))
		make_planned(ONFAIL_DENY, false);
	unblock_signals(&before);
	ret = session_need();
	return !ret && s->state == SESSION_PLANNED ? ENOENT : ret;
}

void session_restart(void)
{
	struct session *s = &pt_session;

	s->made = 0;
	s->parent = 0;
	s->main_reached = true;
	view_use(s->page ? &s->lease.policy : NULL, NULL);
	set_state(SESSION_NONE);
}

int session_need(void)
{
	struct session *s = &pt_session;
	int ret = session_ask();

	if (ret && s->state == SESSION_FAILED &&
	    !__atomic_exchange_n(&s->reported, true, __ATOMIC_RELAXED))
		session_report();
	return ret;
}

/* The environment, also for calls that come before libc knows it itself. */
static char **environment(void)
{
	char **from = environ;

#ifdef __GLIBC__
	/* Where the kernel put it: the number of arguments, these, NULL, the variables. */
	if (!from && __libc_stack_end) {
		const long *stack = __libc_stack_end;

		from = (char **)stack + 1 + *stack + 1;
	}
#endif
	return from;
}

int session_ask(void)
{
	struct session *s = &pt_session;
	sigset_t before;

	for (int i = 0; i < 5000; i++) {
		switch (__atomic_load_n(&s->state, __ATOMIC_ACQUIRE)) {
		case SESSION_NONE:
			block_signals(&before);
			session_enter(environment(), NULL);
			unblock_signals(&before);
			break;
		case SESSION_STARTING:
			/* Another thread is at it: a few calls' time. */
			sys_moment();
			break;
		case SESSION_FAILED:
			return s->error;
		default:
			return 0;
		}
	}
	return EAGAIN;
}

void session_wrote(void)
{
	struct session *s = &pt_session;
	static unsigned char tries;
	unsigned char none = '.';
	int ret;

	if (s->state != SESSION_LIVE || s->page[LEASE_REAPER] != '.' ||
	    s->lease.policy.keep == KEEP_ALWAYS)
		return;
	/* One that was asked to go may be replaced; not again and again. */
	if (__atomic_load_n(&tries, __ATOMIC_RELAXED) >=
		    (s->page_writable ? 4 : 1))
		return;
	__atomic_fetch_add(&tries, 1, __ATOMIC_RELAXED);
	if (s->page_writable &&
	    !__atomic_compare_exchange_n(s->page + LEASE_REAPER, &none, 'r',
					 false, __ATOMIC_ACQ_REL,
					 __ATOMIC_ACQUIRE))
		return;
	ret = reaper_start(NULL);
	if (ret == 0)
		return;
	no_helper(-ret);
	if (s->page_writable)
		s->page[LEASE_REAPER] = '.';
}

void session_links(unsigned char kind)
{
	struct session *s = &pt_session;

	static unsigned char own[2];

	session_share();
	if (s->state != SESSION_LIVE || (*pt_view.links & kind) == kind)
		return;
	if (s->page_writable) {
		__atomic_fetch_or(s->page + LEASE_PLAIN_LINKS,
				  kind & ~LINKS_MIXED, __ATOMIC_ACQ_REL);
		__atomic_fetch_or(s->page + LEASE_LINKS, kind,
				  __ATOMIC_ACQ_REL);
		return;
	}
	/* Another user's: all others' programs go where the kernel says. */
	own[0] = *pt_view.links | kind;
	own[1] = own[0] & (unsigned char)~LINKS_MIXED;
	__atomic_store_n(&pt_view.links, own + pt_view.mixed, __ATOMIC_RELEASE);
	report(s->root, "the owner's programs will not know of a new link that "
	       "leads across its border", 0, "make such links as the owner");
}

void session_forked(void)
{
	struct session *s = &pt_session;

	if (s->state == SESSION_LIVE)
		s->parent = s->pid;
	s->pid = sys_getpid();
	s->started = false;
	/* The threads that were making a backing are the parent's. */
	s->makers = 0;
	/* There is no /tmp to share: each has its own, once there is one. */
	if (s->state == SESSION_PLANNED)
		session_restart();
}
