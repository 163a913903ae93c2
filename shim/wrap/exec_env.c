/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The environment of a new image; see exec.h. It is built on the stack. The caller's
 * stays unchanged: a vfork parent may share environ.
 */
#define _GNU_SOURCE
#include "core/libc.h"
#include "wrap/exec.h"
#include "core/hole.h"
#include "core/layout.h"
#include "core/other_size.h"
#include "core/sys.h"
#include "session/handover.h"
#include "policy/scan.h"
#include "policy/view.h"
#include "route/lists.h"
#include "wrap/libc_env.h"
#include "wrap/preload_word.h"
#include "wrap/setuid.h"
#include "wrap/symbols.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The word of LD_PRELOAD that named the shim. */
static const char *shim_word EACH_START = "";
/* A short word lies with other data that each start writes. */
static char short_word[128] EACH_START, long_word[PATH_MAX];

/* PRIVTMP_SESSION for children that libc starts: by name, without a descriptor. */
static struct handover published EACH_START = { .fd = -1 };

/* The same where no session is named. */
static char callers_variables[] = SESSION_CALLERS;

/*
 * Puts the path of the shim, in long_word, in the place of WORD in environ: children may
 * have another working directory, or another LD_LIBRARY_PATH.
 */
static void replace_word(const char *word, size_t len)
{
	static char entry[PATH_MAX + 256];
	const size_t n = strlen(long_word);

	for (size_t i = 0; libc_environ && libc_environ[i]; i++) {
		char *from = libc_environ[i];
		const size_t all = strlen(from);

		if (word < from || word >= from + all || all - len + n >= sizeof entry)
			continue;
		memcpy(entry, from, (size_t)(word - from));
		memcpy(entry + (word - from), long_word, n);
		strcpy(entry + (word - from) + n, word + len);
		libc_environ[i] = entry;
	}
}

void exec_remember(void)
{
	size_t len;
	const char *word = pt_session.privileged ? NULL : preload_given(&len);
	char *to;

	if (!word || len >= sizeof long_word)
		return;
	if (preload_lasting(word, len, long_word, sizeof long_word)) {
		replace_word(word, len);
		shim_word = long_word;
		return;
	}
	to = len < sizeof short_word ? short_word : long_word;
	memcpy(to, word, len);
	to[len] = '\0';
	shim_word = to;
}

static bool is_variable(const char *entry, const char *name)
{
	const char *behind = text_after(entry, name);

	return behind && *behind == '=';
}

/* Whether ENTRY is a setting: PRIVTMP_*. */
static bool is_setting(const char *entry)
{
	return text_after(entry, "PRIVTMP_") != NULL && !HOLE(hand_on);
}

/* Removes settings of a set-user-ID program's caller, for its children, too. */
static void forget_callers(void)
{
	size_t to = 0;

	for (size_t i = 0; libc_environ && libc_environ[i]; i++)
		if (!is_setting(libc_environ[i]))
			libc_environ[to++] = libc_environ[i];
	if (libc_environ)
		libc_environ[to] = NULL;
}

void exec_publish(void)
{
	static char *vector[1024];
	char *text = published.variable;
	size_t n = 0;

	if (pt_session.privileged)
		forget_callers();
	if (pt_session.state < SESSION_PLANNED || session_is_for_caller())
		return;
	/* A root's name stays unknown until it exists. */
	if (pt_session.state == SESSION_LIVE)
		session_name_shown(&published);
	else
		memcpy(text, SESSION_VARIABLE "=", sizeof SESSION_VARIABLE "=");
	pt_session.published = &published;
	for (; libc_environ && libc_environ[n]; n++)
		/* A thread of the parent may have been within such a call. */
		if (list_is(libc_environ[n]) || libc_env_is(libc_environ[n]))
			list_show(libc_environ[n]);
	for (n = 0; libc_environ && libc_environ[n]; n++) {
		if (is_variable(libc_environ[n], SESSION_VARIABLE)) {
			libc_environ[n] = text;
			return;
		}
	}
	if (n + 2 > sizeof vector / sizeof *vector)
		return; /* only children that no wrapper sees lack it */
	if (n)
		memcpy(vector, libc_environ, n * sizeof *vector);
	vector[n] = text;
	vector[n + 1] = NULL;
	libc_environ = vector;
}

/* The number of pointers that take as much room as the vector and the text. */
static size_t entries_needed(const struct exec_env *env)
{
	return env->entries + env->bytes / sizeof(char *) + 1;
}

/* Whether ENTRY is an LD_PRELOAD without the shim, and the shim came by LD_PRELOAD. */
static bool lacks_shim(const char *entry)
{
	size_t len;

	return shim_word[0] && is_variable(entry, PRELOAD) &&
	       !preload_find(entry + sizeof PRELOAD, &len);
}

/* The bytes by which ENTRY, an LD_PRELOAD, gets longer with the shim: no ":" at the end. */
static size_t shim_room(const char *entry)
{
	return strlen(shim_word) + (entry[sizeof PRELOAD] != '\0');
}

static size_t preload_room(const char *entry)
{
	return shim_room(entry) + list_room(entry);
}

/*
 * Writes ENTRY, an LD_PRELOAD, with the shim first and with real paths to TO, which has
 * ROOM bytes. Returns its size or -errno.
 */
static ptrdiff_t put_preload(const char *entry, char *to, size_t room)
{
	const size_t more = shim_room(entry);
	const ptrdiff_t size = more > room ? -ENOMEM :
					     list_put(entry, to + more, room - more);
	char *at = to + sizeof PRELOAD;

	if (size < 0)
		return size;
	memcpy(to, entry, sizeof PRELOAD);
	memcpy(at, shim_word, strlen(shim_word));
	if (at[more])
		at[more - 1] = ':';
	return size + (ptrdiff_t)more;
}

bool exec_everywhere(void)
{
	return !shim_word[0];
}

/* Whether the file PATH is an ELF file of the other word size. */
static bool is_other(const char *path)
{
	unsigned char ident[EI_NIDENT] = { 0 };
	int fd = sys_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);

	if (fd < 0)
		return false;
	sys_read(fd, ident, sizeof ident);
	sys_close(fd);
	return !memcmp(ident, ELFMAG, SELFMAG) &&
	       ident[EI_CLASS] == (sizeof(void *) == 8 ? ELFCLASS32 : ELFCLASS64);
}

bool exec_has_other(void)
{
	const struct link_map *own = symbols_own();
	const char *slash = own ? strrchr(own->l_name, '/') : NULL;
	char path[512];

	/* A word that names this very file is useless for the other dynamic linker. */
	if (!slash || (shim_word[0] == '/' && !strchr(shim_word, '$')))
		return false;
	for (unsigned i = 0; i < OTHER_SIZES; i++) {
		const char *dir = other_size[i][0];
		const size_t len = strlen(dir), at = (size_t)(slash + 1 - own->l_name);

		if (at < len || memcmp(slash + 1 - len, dir, len) != 0)
			continue;
		for (int k = 1; k < 3; k++) {
			const size_t n = strlen(other_size[i][k]);

			if (at - len + n + strlen(slash) >= sizeof path)
				continue;
			memcpy(path, own->l_name, at - len);
			memcpy(path + at - len, other_size[i][k], n);
			strcpy(path + at - len + n, slash + 1);
			if (is_other(path))
				return true;
		}
	}
	return false;
}

/* Whether new images get nothing: nothing is guarded. */
static bool stands_aside(void)
{
	int state = __atomic_load_n(&pt_session.state, __ATOMIC_ACQUIRE);

	/* By a constructor that runs before ours; or another thread makes the session. */
	if (!pt_session.main_reached || state == SESSION_STARTING)
		session_need();
	if (!pt_session.main_reached)
		exec_remember();
	state = pt_session.state;
	/* After chroot(2), new images may need a session. */
	if (state == SESSION_NONE)
		return false;
	/* What it executes has to know whose variables these are. */
	if (state == SESSION_OFF && pt_session.privileged &&
	    session_has_callers_variables())
		return false;
	return state == SESSION_OFF;
}

/*
 * Whether the shim's own file is redirected, so that new images would look for it in a
 * backing, and run without it: others can replace it where it is.
 */
static bool hides_shim(void)
{
	const size_t len = strlen(shim_word);
	size_t inside;

	return view_guard_of(shim_word, len, &inside) >= 0 &&
	       !view_is_shared(shim_word, len, inside);
}

size_t exec_env_plan(struct exec_env *env, char *const *argv, char *const *envp)
{
	static char *const none[] = { NULL };
	size_t n = 0;
	bool preloaded;

	env->from = envp ? envp : none;
	env->preload = NULL;
	env->apart = false;
	env->bytes = 1;
	env->unreadable = !view_vector_probe(argv) || !view_vector_probe(envp);
	env->whole = env->unreadable || stands_aside();
	preloaded = !shim_word[0];
	env->error = !env->whole && hides_shim() ? EACCES : 0;
	if (env->unreadable) {
		env->from = SYS_NOWHERE;
		return 1;
	}
	for (; env->from[n]; n++) {
		const char *entry = env->from[n];

		if (!env->whole && list_may_lead(entry)) {
			const int leads = list_leads(entry);

			/* The image needs the backings that real paths name. */
			if (leads > 0)
				session_share();
			else if (leads < 0)
				env->error = -leads;
			env->bytes += list_room(entry);
		}
		preloaded |= is_variable(entry, PRELOAD);
		/* All of them: libcs differ in which one they use. */
		if (lacks_shim(entry)) {
			env->preload = entry;
			env->bytes += preload_room(entry);
		}
	}
	if (!preloaded) {
		env->preload = PRELOAD "=";
		env->bytes += preload_room(env->preload);
	}
	env->entries = n + 3;
	n = env->whole ? 1 : entries_needed(env);
	return n > EXEC_ON_STACK ? 1 : n;
}

/* -- Pages for what may be too much for a stack -- */

/* The use of a thread's pages. */
enum { PAGES_ENVIRONMENT, PAGES_ARGUMENTS, PAGES };

/*
 * A thread's pages. A vfork child that executes does not return, so they are kept for
 * the next time. (The child has the errno of the thread that waits.)
 */
struct pages {
	void *thread;
	void *at[PAGES];
	size_t size[PAGES];
};

static struct pages *pages_of(void *thread)
{
	enum { THREADS = 64 };
	static struct pages all[THREADS];

	for (int i = 0; i < THREADS; i++) {
		void *none = NULL;

		if (__atomic_load_n(&all[i].thread, __ATOMIC_ACQUIRE) == thread ||
		    __atomic_compare_exchange_n(&all[i].thread, &none, thread, false,
						__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
			return &all[i];
	}
	return NULL;
}

/* SIZE bytes, which are never freed; NULL on failure. */
static void *own_pages(int which, size_t size)
{
	struct pages *mine = pages_of(&errno);
	int error;

	if (!mine)
		return sys_pages(size, &error);
	if (mine->size[which] < size) {
		if (mine->at[which])
			sys_unmap(mine->at[which], mine->size[which]);
		mine->at[which] = sys_pages(size, &error);
		mine->size[which] = mine->at[which] ? size : 0;
	}
	return mine->at[which];
}

void *exec_pages(size_t size)
{
	return own_pages(PAGES_ARGUMENTS, size);
}

/*
 * Writes what ENTRY is for the new image to *TEXT, which has LEFT bytes, where it differs.
 * Returns the bytes or -errno.
 */
static ptrdiff_t put_entry(const char *entry, char *text, size_t left)
{
	int leads;

	if (lacks_shim(entry))
		return put_preload(entry, text, left);
	leads = list_leads(entry);
	return leads > 0 ? list_put(entry, text, left) : leads;
}

char *const *exec_env_fill(struct exec_env *env, void *room, int parent)
{
	char **vector = room, *text;
	size_t to = 0, left = env->bytes;
	ptrdiff_t n;
	bool preloaded = !shim_word[0];

	env->handover.fd = -1;
	if (env->whole)
		return env->from;
	if (env->error)
		return NULL;
	if (entries_needed(env) > EXEC_ON_STACK)
		vector = own_pages(PAGES_ENVIRONMENT,
				   entries_needed(env) * sizeof *vector);
	if (!vector) {
		env->error = ENOMEM;
		return NULL;
	}
	text = (char *)(vector + env->entries);
	/*
	 * A vfork child's parent goes on, and may rely on the image's files. Before main it
	 * cannot be told from its child.
	 */
	if ((pt_session.state == SESSION_PLANNED ||
	     pt_session.state == SESSION_STARTING) &&
	    (!pt_session.main_reached || sys_getpid() != pt_session.pid))
		session_share();
	setuid_keep();
	session_handover(&env->handover, parent, env->apart);
	for (size_t i = 0; env->from[i]; i++) {
		char *entry = env->from[i];

		if (is_variable(entry, SESSION_VARIABLE) ||
		    (pt_session.privileged && is_setting(entry)))
			continue;
		preloaded |= is_variable(entry, PRELOAD);
		n = put_entry(entry, text, left);
		if (n < 0) {
			env->error = (int)-n;
			return NULL;
		}
		vector[to++] = n ? text : entry;
		text += n;
		left -= (size_t)n;
	}
	if (!preloaded) {
		put_preload(PRELOAD "=", text, left);
		vector[to++] = text;
	}
	if (env->handover.variable[0])
		vector[to++] = env->handover.variable;
	else if (session_has_callers_variables())
		vector[to++] = callers_variables;
	vector[to] = NULL;
	return vector;
}

char **exec_env_preload(char *const *envp)
{
	for (char **entry = (char **)envp; *entry; entry++)
		if (is_variable(*entry, PRELOAD) && shim_word[0] &&
		    !strcmp(*entry + sizeof PRELOAD, shim_word))
			return entry;
	return NULL;
}

int exec_env_settle(struct exec_env *env, char *const *envp, int parent)
{
	char **vector = (char **)envp;
	int ret = session_share();
	size_t n = 0;

	if (ret || env->handover.variable[0] || pt_session.state != SESSION_LIVE)
		return ret;
	session_handover(&env->handover, parent, env->apart);
	while (vector[n] && vector[n] != callers_variables)
		n++;
	/* There is room: exec_env_fill had no other variable to write. */
	vector[n] = env->handover.variable;
	vector[n + 1] = NULL;
	return 0;
}

void exec_env_end(struct exec_env *env)
{
	if (!env->whole)
		session_handover_end(&env->handover);
}

/* Writes real paths to the lists in environ, for children that libc starts. 0 or -errno. */
static int lead_lists(void)
{
	for (size_t i = 0; libc_environ && libc_environ[i]; i++) {
		const char *entry = libc_environ[i];
		const size_t name = text_until(entry, "=");
		const int leads = list_leads(entry);
		ptrdiff_t n;
		size_t room;
		char *real;

		if (leads < 0)
			return leads;
		if (!leads)
			continue;
		session_share();
		room = list_room(entry);
		real = malloc(room);
		if (!real)
			return -ENOMEM;
		n = list_put(entry, real, room);
		if (n >= 0) {
			real[name] = '\0';
			n = LIBC(setenv)(real, real + name + 1, 1) < 0 ? -ENOMEM : 0;
		}
		free(real);
		if (n < 0)
			return (int)n;
	}
	return 0;
}

void exec_env_mended(void)
{
	for (size_t i = 0; libc_environ && libc_environ[i]; i++)
		if (list_is(libc_environ[i]))
			list_show(libc_environ[i]);
}

int exec_env_mend(void)
{
	struct exec_env env;
	int ret;

	session_share();
	exec_env_plan(&env, NULL, libc_environ);
	if (env.whole)
		return 0;
	if (env.error)
		return env.error;
	if (env.preload) {
		char entry[preload_room(env.preload)];
		const ptrdiff_t n = put_preload(env.preload, entry, sizeof entry);

		if (n < 0)
			return (int)-n;
		/* Only the last one, as glibc does. */
		LIBC(unsetenv)(PRELOAD);
		LIBC(setenv)(PRELOAD, entry + sizeof PRELOAD, 1);
	}
	ret = lead_lists();
	if (ret < 0)
		return -ret;
	if (session_is_for_caller() || pt_session.state == SESSION_OFF) {
		LIBC(unsetenv)(SESSION_VARIABLE);
		if (session_has_callers_variables())
			LIBC(putenv)(callers_variables);
		return 0;
	}
	/* It may have changed, by another root. */
	session_name_shown(&published);
	if (!environment_value(libc_environ, SESSION_VARIABLE))
		LIBC(putenv)(published.variable);
	return 0;
}

struct handover *exec_env_published(void)
{
	return &published;
}
