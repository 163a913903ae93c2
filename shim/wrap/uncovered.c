/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Children that the shim cannot be loaded into; see uncovered.h. */
#define _GNU_SOURCE
#include "wrap/uncovered.h"
#include "core/report.h"
#include "core/sys.h"
#include "core/valgrind.h"
#include "policy/view.h"
#include "session/helper.h"
#include "session/hints.h"
#include "session/hints_use.h"
#include "session/session.h"
#include "session/trust.h"
#include "wrap/symbols.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/statvfs.h>

enum {
	DOOR_WORDS = 7,	 /* before a program's own arguments, and NULL */
	NAME_ROOM = 512, /* for names of open files and of the door */
};

/* Whether members inspect what they execute. */
static bool is_asked(void)
{
	const struct session *s = &pt_session;

	/* Another thread makes it, by a policy that may not be known yet. */
	if (__atomic_load_n(&s->state, __ATOMIC_ACQUIRE) == SESSION_STARTING)
		session_need();
	return s->state != SESSION_NONE && s->state != SESSION_OFF &&
	       !session_is_for_caller();
}

bool uncovered_matters(const struct exec_env *env)
{
	return !env->whole && is_asked();
}

/* -- Reports -- */

static const char *reason(unsigned facts)
{
	if (facts & LOOK_SECURE)
		return "has rights of its own, so that the shim cannot be loaded into it";
	if (facts & LOOK_STATIC)
		return "statically linked, so that the shim cannot be loaded into it";
	if (facts & LOOK_LIBC)
		return "made for another libc than the shim";
	if (facts & LOOK_DIRECT)
		return "Go's, so that it calls the kernel past any library";
	if (facts & LOOK_OTHER)
		return "of a word size for which no shim is installed beside this one";
	if (facts & LOOK_ALIEN)
		return "made for another kind of machine than the shim";
	return "cannot be read, so it is unknown whether the shim can be loaded into it";
}

/* The name of TARGET, or of its open file. */
static const char *name_of(const struct target *target, char room[NAME_ROOM])
{
	ssize_t n;

	if (*target->name)
		return target->name;
	n = sys_fd_name(target->dirfd, room, NAME_ROOM - 1);
	room[n < 0 ? 0 : n] = '\0';
	return room;
}

/*
 * Reports the program, once a session. Of programs with other rights, which no setting
 * covers, only the first is reported, unless all were asked for.
 */
static void warn(const struct target *target, unsigned facts)
{
	const bool secure = facts & LOOK_SECURE;
	const bool each = !secure || pt_session.lease.policy.uncovered == UNCOVERED_WARN;
	char room[NAME_ROOM];
	const char *name = name_of(target, room);

	if (session_news(each ? name : "rights"))
		report(name, reason(facts), 0,
		       !secure ? "it has the shared directories, unless "
				 "PRIVTMP_UNCOVERED is mount, confine or deny" :
		       each    ? "it has the shared directories, unless "
				 "/etc/ld.so.preload names the shim" :
				 "it and others like it have the shared directories, "
				 "unless /etc/ld.so.preload names the shim");
}

/* -- Whether it can be executed at all -- */

/* The error of execve(2) for the file, before it checks the arguments; 0: none. */
static int kernel_objects(const struct target *target)
{
	long ret;

	/* valgrind would read the arguments itself. */
	if (valgrind_runs())
		return 0;
	if (target->dirfd == AT_FDCWD && !target->flags)
		ret = SYS3(SYS_execve, target->path, SYS_NOWHERE, NULL);
	else
		ret = SYS5(SYS_execveat, target->dirfd, target->path, SYS_NOWHERE, NULL,
			   target->flags);
	/* Before Linux 6.8 arguments are checked first. */
	return ret == -EFAULT ? 0 : (int)-ret;
}

/* The same on older kernels, which check the arguments first, for a TARGET with a name. */
static bool may_execute(const struct target *target)
{
	unsigned long flags;
	bool may;
	int fd;

	if (target->dirfd != AT_FDCWD)
		return true;
	fd = sys_openat(AT_FDCWD, target->path, O_PATH | O_CLOEXEC, 0);
	may = fd < 0 || sys_mount_flags(fd, &flags) < 0 || !(flags & ST_NOEXEC);
	if (fd >= 0)
		sys_close(fd);
	return may && sys_access(target->path, X_OK) == 0;
}

/* Why it cannot be executed; 0: it can. */
static int obstacle(const struct target *target)
{
	const int error = kernel_objects(target);

	return error || may_execute(target) ? error : EACCES;
}

/* -- The door -- */

/* The name by which the door, which inherits our descriptors, finds TARGET; NULL: none. */
static const char *name_for_door(const struct target *target, char room[NAME_ROOM])
{
	const size_t len = strlen(target->path);
	char link[SYS_FD_PATH];
	struct statx there, here;
	long flags;
	ssize_t n;

	if (target->there)
		return target->there;
	if (target->dirfd == AT_FDCWD || target->path[0] == '/')
		return target->path;
	n = (ssize_t)sys_fd_path(target->dirfd, link);
	flags = SYS3(SYS_fcntl, target->dirfd, F_GETFD, 0);
	if (flags >= 0 && !(flags & FD_CLOEXEC)) {
		memcpy(room, link, (size_t)n);
	} else {
		n = sys_readlinkat(AT_FDCWD, link, room, NAME_ROOM);
		if (n <= 0 || n >= NAME_ROOM)
			return NULL;
		room[n] = '\0';
		if (sys_statx(target->dirfd, "", AT_EMPTY_PATH, &there) < 0 ||
		    sys_statx(AT_FDCWD, room, 0, &here) < 0 || !trust_same(&there, &here))
			return NULL;
	}
	if ((size_t)n + len + 2 > NAME_ROOM)
		return NULL;
	if (len)
		room[n++] = '/';
	memcpy(room + n, target->path, len + 1);
	return room;
}

/* The path of the door. False: there is none. */
static bool find_door(char *out, size_t size)
{
	const struct link_map *own = symbols_own();

	/* After chroot(2) that path may lead to another file. */
	if (pt_session.moved)
		return false;
	helper_place(own ? own->l_name : NULL, "privtmp-door", out, size);
	return sys_access(out, X_OK) == 0;
}

/* How the door is to open, by policy; TWO: or in this way. */
static const char *door_word(const char **two)
{
	*two = NULL;
	switch (pt_session.lease.policy.uncovered) {
	case UNCOVERED_MOUNT: return "--mount";
	case UNCOVERED_CONFINE: return "--confine";
	default: *two = "--warn"; return "--mount-or-confine";
	}
}

/* Executes PATH by the door, in the way that POLICY says. */
static __attribute__((noinline)) int run_door(const struct exec_job *job,
					      const char *door, const char *path,
					      char *const *argv, char *const *envp)
{
	const char *warn_word;
	size_t n = 0, to = 0;

	while (argv && argv[n])
		n++;
	const size_t words = n + DOOR_WORDS + 1;
	char *few[words > EXEC_ON_STACK ? 1 : words];
	char **vector = words > EXEC_ON_STACK ? exec_pages(words * sizeof *vector) : few;

	if (!vector)
		return ENOMEM;
	vector[to++] = (char *)"privtmp-door";
	vector[to++] = (char *)door_word(&warn_word);
	if (warn_word)
		vector[to++] = (char *)warn_word;
	vector[to++] = (char *)"--argv0";
	vector[to++] = n ? argv[0] : (char *)"";
	vector[to++] = (char *)"--";
	vector[to++] = (char *)path;
	for (size_t i = 1; i < n; i++)
		vector[to++] = argv[i];
	vector[to] = NULL;
	return job->run(job->arg, door, vector, envp);
}

/*
 * Whether this process has not just reported a program of that name, as in a search
 * along PATH.
 */
static bool is_first(const char *name)
{
	static unsigned last;
	const unsigned now = hints_hash(text_base(name)) ^ (unsigned)sys_getpid();

	return __atomic_exchange_n(&last, now, __ATOMIC_RELAXED) != now;
}

/* Reports why TARGET is not executed. */
static int refuse(const struct target *target, const char *what, const char *remedy)
{
	char room[NAME_ROOM];

	const char *name = name_of(target, room);

	if (is_first(name))
		report(name, what, 0, remedy);
	return EACCES;
}

static const char no_session[] = "not executed: there is no session that it could be in";

/* Why nothing can be executed by the door; NULL: it can, by the program DOOR. */
static const char *without_door(char *door, size_t size)
{
	if (pt_session.state != SESSION_LIVE)
		return no_session;
	if (look_two_users())
		return "not executed: privtmp-door does nothing for a program whose "
		       "real and effective user are not one";
	return find_door(door, size) ? NULL :
				       "not executed: privtmp-door is not where it was "
				       "installed";
}

/* Where TARGET cannot be executed by the door: whether to execute it as it is. */
static bool do_without(const struct target *target, unsigned facts, const char *why)
{
	/* Others can see to it that none can be made, by filling the file system. */
	const bool failed = pt_session.state == SESSION_FAILED;
	const bool plain = pt_session.lease.policy.uncovered == UNCOVERED_AUTO && !failed;

	if (plain)
		warn(target, facts);
	else
		refuse(target, why,
		       failed ? "or set PRIVTMP_ONFAIL to pass" :
				"or set PRIVTMP_UNCOVERED to warn");
	return plain;
}

/* Executes TARGET by the door, or refuses it; *PLAIN: execute it as it is. An errno. */
static int by_door(const struct exec_job *job, const struct target *target,
		   unsigned facts, char *const *argv, char *const *envp, bool *plain)
{
	char door[NAME_ROOM], room[NAME_ROOM];
	const char *path = name_for_door(target, room), *without = NULL;
	int ret = exec_env_settle(job->env, envp, job->parent);

	if (ret == ENOENT && pt_session.state == SESSION_PLANNED) {
		*plain = true; /* no guarded directory exists */
		return 0;
	}
	if (ret || !path)
		without = ret ? no_session :
				"not executed: it has no name by which "
				"privtmp-door could";
	else
		without = without_door(door, sizeof door);
	if (!without) {
		char **preload = facts & LOOK_LIBC ? exec_env_preload(envp) : NULL;
		char *shim = preload ? *preload : NULL;

		/* It would not start with that; and behind the door it needs none. */
		if (preload)
			*preload = (char *)"LD_PRELOAD=";
		ret = run_door(job, door, path, argv, envp);
		if (preload)
			*preload = shim;
		return ret == ENOEXEC ? EACCES : ret;
	}
	*plain = do_without(target, facts, without);
	return EACCES;
}

/* Whether programs keep their rights in a mount namespace. */
static bool may_mount(void)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	memset(data, 0, sizeof data);
	return sys_geteuid() == 0 && SYS2(SYS_capget, &head, data) == 0 &&
	       (data[0].effective & 1U << CAP_SYS_ADMIN);
}

enum way { WAY_PLAIN, WAY_NAMED, WAY_DOOR, WAY_REFUSED };

static enum way way_of(unsigned facts)
{
	const unsigned uncovered = pt_session.lease.policy.uncovered;
	const bool by_kernel = uncovered == UNCOVERED_AUTO ||
			       uncovered == UNCOVERED_CONFINE;

	/* /etc/ld.so.preload applies there, too. */
	if ((facts & LOOK_SECURE) && !(facts & LOOK_OUTSIDE) && exec_everywhere())
		return WAY_PLAIN;
	if (uncovered == UNCOVERED_DENY)
		return WAY_REFUSED;
	if (uncovered == UNCOVERED_WARN)
		return WAY_NAMED;
	/* It would lose its rights by the door. */
	if (facts & LOOK_SECURE)
		return uncovered != UNCOVERED_CONFINE && may_mount() ? WAY_DOOR :
								       WAY_NAMED;
	return pt_session.confined && by_kernel ? WAY_PLAIN : WAY_DOOR;
}

bool uncovered_takes(const struct exec_job *job, const struct target *target,
		     struct look *look, char *const *argv, char *const *envp, int *error)
{
	bool plain = false;
	enum way way;

	look_through(look);
	if (!(look->facts & (LOOK_OUTSIDE | LOOK_SECURE)))
		return false;
	way = way_of(look->facts);
	if (way == WAY_PLAIN)
		return false;
	*error = obstacle(target);
	if (*error)
		return true;
	switch (way) {
	case WAY_REFUSED:
		*error = refuse(target, reason(look->facts),
				"not executed, since PRIVTMP_UNCOVERED is deny");
		return true;
	case WAY_DOOR:
		*error = by_door(job, target, look->facts, argv, envp, &plain);
		return !plain;
	default: warn(target, look->facts); return false;
	}
}

/* -- The shell that libc executes by itself -- */

bool uncovered_shell(struct shell *shell, bool takes_door)
{
	static const char path[] = "/bin/sh";
	const struct target target = { AT_FDCWD, path, 0, path, NULL };
	const char *without = "not executed: libc executes it itself";
	struct look look;

	shell->door[0] = '\0';
	if (!is_asked())
		return true;
	look_at(&look, AT_FDCWD, path, 0);
	look_through(&look);
	look_end(&look);
	if (!(look.facts & (LOOK_OUTSIDE | LOOK_SECURE)))
		return true;
	switch (way_of(look.facts)) {
	case WAY_PLAIN: return true;
	case WAY_NAMED: warn(&target, look.facts); return true;
	case WAY_REFUSED:
		refuse(&target, reason(look.facts),
		       "not executed, since PRIVTMP_UNCOVERED is deny");
		return false;
	case WAY_DOOR: break;
	}
	if (takes_door)
		without = without_door(shell->door, sizeof shell->door);
	if (!without)
		return true;
	shell->door[0] = '\0';
	return do_without(&target, look.facts, without);
}

/* Puts TEXT to TO (NULL: only counts). */
static size_t put_plain(const char *text, char *to)
{
	const size_t len = strlen(text);

	if (to)
		memcpy(to, text, len);
	return len;
}

/* The same in quotes, as one word for a shell. */
static size_t put_quoted(const char *text, char *to)
{
	size_t n = put_plain("'", to);

	for (; *text; text++) {
		const char one[] = { *text, '\0' };

		n += put_plain(*text == '\'' ? "'\\''" : one, to ? to + n : NULL);
	}
	return n + put_plain("'", to ? to + n : NULL);
}

size_t uncovered_put_command(const struct shell *shell, const char *command, char *to)
{
	const char *warn_word, *word = door_word(&warn_word);
	const char *const before[] = { " ", word, warn_word ? " " : "",
				       warn_word ? warn_word : "",
				       " --argv0 sh -- /bin/sh -c " };
	size_t n = put_plain("exec ", to);

	n += put_quoted(shell->door, to ? to + n : NULL);
	for (size_t i = 0; i < sizeof before / sizeof *before; i++)
		n += put_plain(before[i], to ? to + n : NULL);
	n += put_quoted(command, to ? to + n : NULL);
	if (to)
		to[n] = '\0';
	return n + 1;
}
