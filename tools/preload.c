/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds the shim, and sets LD_PRELOAD; see preload.h. */
#include "preload.h"
#include "core/other_size.h"
#include "core/report.h"
#include "preload_list.h"
#include "remedy.h"
#include "route/lists.h"
#include "route/loader.h"
#include "session/handover.h"
#include "session/session.h"
#include "tool.h"
#include "trace/format.h"

#include <elf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PRELOAD "LD_PRELOAD"

/* Writes a path. False where it does not fit, or the file does not exist. */
__attribute__((format(printf, 2, 3))) static bool is_file(char out[PATH_MAX],
							  const char *format, ...)
{
	va_list list;
	int n;

	va_start(list, format);
	n = vsnprintf(out, PATH_MAX, format, list);
	va_end(list);
	if (n < 0 || n >= PATH_MAX || access(out, R_OK) < 0) {
		out[0] = '\0';
		return false;
	}
	return true;
}

/* The directory of the running program; empty where unknown. */
static void own_directory(char out[PATH_MAX])
{
	ssize_t n = readlink("/proc/self/exe", out, PATH_MAX - 1);
	char *slash;

	out[n < 0 ? 0 : n] = '\0';
	slash = strrchr(out, '/');
	if (slash)
		*slash = '\0';
}

/*
 * Finds the library in the build tree, in its directory, or in that directory below
 * another prefix.
 */
static bool find_own(struct shim *shim)
{
	char here[PATH_MAX], *out = shim->path, *slash;

	own_directory(here);
	slash = strrchr(here, '/');
	if (slash && !strcmp(slash, "/tools") &&
	    is_file(out, "%.*s/shim/.libs/" PRELOAD_SHIM, (int)(slash - here), here))
		return is_file(shim->helper, "%s/reaper", here),
		       is_file(shim->door, "%s/privtmp-door", here), true;
	(void)is_file(shim->helper, LIBEXECDIR "/reaper");
	(void)is_file(shim->door, LIBEXECDIR "/privtmp-door");
	if (is_file(out, LIBDIR "/" PRELOAD_SHIM))
		return true;
	if (!shim->helper[0] && slash)
		(void)is_file(shim->helper, "%.*s/libexec/privtmp/reaper",
			      (int)(slash - here), here);
	if (!shim->door[0] && slash)
		(void)is_file(shim->door, "%.*s/libexec/privtmp/privtmp-door",
			      (int)(slash - here), here);
	return slash && is_file(out, "%.*s/lib/" PRELOAD_SHIM, (int)(slash - here), here);
}

/* Finds the library of the other word size. */
static void find_other(struct shim *shim)
{
	struct program other;
	const char *slash = strrchr(shim->path, '/');

	for (size_t i = 0; i < OTHER_SIZES; i++) {
		size_t len = strlen(other_size[i][0]);
		const char *at = slash + 1 - len;

		if (slash + 1 < shim->path + len ||
		    strncmp(at, other_size[i][0], len) != 0)
			continue;
		for (int k = 1; k < 3; k++) {
			int prefix = (int)(at - shim->path);

			if (!is_file(shim->other, "%.*s%s" PRELOAD_SHIM, prefix,
				     shim->path, other_size[i][k]) ||
			    program_look(shim->other, &other) != 0 || !other.known ||
			    other.class == shim->program.class)
				continue;
			/* $LIB is one of these directories. */
			if (strcmp(other_size[i][0], "/lib/") != 0 ||
			    access("/usr" MULTIARCH, F_OK) < 0)
				snprintf(shim->both, sizeof shim->both,
					 "%.*s/$LIB/" PRELOAD_SHIM, prefix, shim->path);
			return;
		}
	}
	shim->other[0] = '\0';
}

int shim_find(struct shim *out)
{
	int error;

	/* Not all of it, which is some pages. */
	out->path[0] = out->other[0] = out->both[0] = '\0';
	out->helper[0] = out->door[0] = '\0';
	if (!find_own(out)) {
		report(LIBDIR "/" PRELOAD_SHIM, "the shim is not there", ENOENT,
		       "install privtmp again");
		return -1;
	}
	if (strpbrk(out->path, PRELOAD_ENDS)) {
		report(out->path,
		       "LD_PRELOAD cannot name a path with a space "
		       "or colon in it",
		       0, "put privtmp elsewhere");
		return -1;
	}
	error = program_look(out->path, &out->program);
	if (error) {
		report(out->path, "the shim cannot be read", error, remedy_of(error));
		return -1;
	}
	if (!out->program.known) {
		report(out->path, "the shim is not a library", 0,
		       "install privtmp again");
		return -1;
	}
	find_other(out);
	return 0;
}

/* "/usr/lib/libprivtmp-audit.so" for "/usr/lib/libprivtmp.so". */
static void name_audit(char path[PATH_MAX])
{
	char *end = path + strlen(path) - sizeof ".so" + 1;

	if (path[0] && strlen(path) + sizeof "-audit" < PATH_MAX)
		strcpy(end, "-audit.so");
}

int shim_for_audit(struct shim *shim)
{
	name_audit(shim->path);
	name_audit(shim->other);
	name_audit(shim->both);
	if (shim->other[0] && access(shim->other, R_OK) < 0)
		shim->other[0] = shim->both[0] = '\0';
	if (access(shim->path, R_OK) == 0)
		return 0;
	report(shim->path, "the library for audits is not there", errno,
	       "install privtmp again");
	return -1;
}

/* Whether the word of LD_PRELOAD is a library whose name begins with NAME. */
static bool names(const char *word, size_t len, const char *name)
{
	const char *slash = memrchr(word, '/', len);
	size_t dir = slash ? (size_t)(slash - word) + 1 : 0;

	return len - dir >= strlen(name) && !memcmp(word + dir, name, strlen(name));
}

bool shim_is_audited(void)
{
	const char *list = getenv(PRELOAD), *word;
	size_t len;

	if (!list || !getenv(TRACE_VARIABLE))
		return false;
	while (preload_word(&list, &word, &len))
		if (names(word, len, PRELOAD_AUDIT))
			return true;
	return false;
}

void shim_program(const struct shim *shim, const char *name, char out[PATH_MAX])
{
	const char *slash = strrchr(shim->helper, '/');

	if (!slash || snprintf(out, PATH_MAX, "%.*s/%s", (int)(slash - shim->helper),
			       shim->helper, name) >= PATH_MAX)
		out[0] = '\0';
}

bool tool_find(char out[PATH_MAX])
{
	ssize_t n = readlink("/proc/self/exe", out, PATH_MAX - 1);

	if (n < 0)
		report("/proc/self/exe", "cannot be read", errno, remedy_of(errno));
	out[n < 0 ? 0 : n] = '\0';
	return n >= 0;
}

const char *shim_name(const struct shim *shim, const struct program *program)
{
	if (shim->both[0])
		return shim->both;
	if (shim->other[0] && program && program->known &&
	    program->class != shim->program.class)
		return shim->other;
	return shim->path;
}

/*
 * The sanitizers' run-time has to be first. It wraps nothing that must come after the
 * shim.
 */
static bool insists_on_being_first(const char *word, size_t len)
{
	return names(word, len, "libasan.so") || names(word, len, "libtsan.so");
}

/* Appends a word to the value in VALUE. */
static void put_word(char *value, const char *word, size_t len)
{
	size_t at = strlen(value);

	if (at)
		value[at++] = ':';
	memcpy(value + at, word, len);
	value[at + len] = '\0';
}

/* Appends the words of OLD but the shim, those that insist or those that do not. */
static void put_words(char *value, const char *old, bool insisting)
{
	const char *word;
	size_t len;

	while (preload_word(&old, &word, &len))
		if (!names(word, len, PRELOAD_SHIM) && !names(word, len, PRELOAD_AUDIT) &&
		    insists_on_being_first(word, len) == insisting)
			put_word(value, word, len);
}

/* "LD_PRELOAD=SHIM:OLD", each word once. NULL when there is no memory. */
static char *merge(const char *shim, const char *old)
{
	static const char name[] = PRELOAD "=";
	char *entry, *value;

	if (!old)
		old = "";
	entry = malloc(sizeof name + strlen(shim) + strlen(old) + 3);
	if (!entry)
		return NULL;
	value = stpcpy(entry, name);
	put_words(value, old, true);
	put_word(value, shim, strlen(shim));
	put_words(value, old, false);
	return entry;
}

static bool is_variable(const char *entry, const char *name)
{
	size_t len = strlen(name);

	return !strncmp(entry, name, len) && entry[len] == '=';
}

static bool is_replaced(const char *entry, bool preload)
{
	if ((preload && is_variable(entry, PRELOAD)) ||
	    is_variable(entry, SESSION_VARIABLE))
		return true;
	for (int i = 0; i < SETTINGS; i++)
		if (is_variable(entry, policy_settings[i].variable))
			return true;
	return false;
}

/* Replaces guarded directories in the lists of ld.so by their backings. */
static int lead_lists(char **entries)
{
	for (; *entries; entries++) {
		const int leads = list_leads(*entries);
		const size_t room = leads > 0 ? list_room(*entries) : 0;
		char *led = leads > 0 ? malloc(room) : NULL;

		if (leads == 0)
			continue;
		if (!led || list_put(*entries, led, room) < 0)
			return -1;
		*entries = led;
	}
	return 0;
}

char **shim_environment(const struct shim *shim, const struct program *program,
			const struct settings *settings, char *session)
{
	/*
	 * The lease has the settings for members. Programs that cannot join it (--scope
	 * process, chroot) start a session by these.
	 */
	struct settings copy = *settings;
	size_t n = 0, to = 0;
	char **out;

	while (environ[n])
		n++;
	out = calloc(n + SETTINGS + 3, sizeof *out);
	if (!out)
		return NULL;
	for (size_t i = 0; i < n; i++)
		if (!is_replaced(environ[i], shim != NULL))
			out[to++] = environ[i];
	for (int i = 0; i < SETTINGS; i++) {
		const char *value = *settings_member(&copy, (enum setting)i);

		if (value &&
		    asprintf(&out[to++], "%s=%s", policy_settings[i].variable, value) < 0)
			return NULL;
	}
	out[to++] = session;
	if (!shim)
		return out;
	/* ld.so uses the first LD_PRELOAD, as getenv(3) does. */
	out[to] = merge(shim_name(shim, program), getenv(PRELOAD));
	return out[to] && lead_lists(out) == 0 ? out : NULL;
}

/* Writes the real path of PROGRAM, an argument of a linker, to TO (ROOM bytes). 0 or -errno. */
static int lead_program(const char *program, char *to, size_t room)
{
	ptrdiff_t n;

	/* It is no list. */
	if (strpbrk(program, " :;$")) {
		strcpy(to, program);
		n = list_element_leads(program, strlen(program));
		return n > 0 ? -EACCES : (int)n;
	}
	n = list_put_elements(program, to, room);
	return n < 0 ? (int)n : 0;
}

int shim_arguments(const struct shim *shim, const struct program *program, char ***argv)
{
	struct text word = { "", 0 };
	ptrdiff_t lists, name = 0, n = 0;
	size_t at;
	char **out, *text;

	if (!program->is_linker || program->script)
		return 0;
#ifndef __GLIBC__
	word.at = shim_name(shim, program);
	word.len = strlen(word.at);
#else
	(void)shim;
#endif
	while ((*argv)[n])
		n++;
	lists = loader_put_lists(*argv, &word, NULL, 0, NULL, &at);
	if (lists < 0)
		return (int)lists;
	if ((*argv)[at])
		name = list_put_elements((*argv)[at], NULL, 0) +
		       (ptrdiff_t)strlen((*argv)[at]) + 1;
	out = calloc((size_t)n + 1, sizeof *out);
	text = malloc((size_t)(lists + name) + 1);
	if (!out || !text)
		return -ENOMEM;
	memcpy(out, *argv, (size_t)n * sizeof *out);
	lists = loader_put_lists(*argv, &word, text, (size_t)lists, out, &at);
	if (lists < 0)
		return (int)lists;
	if (out[at]) {
		n = lead_program(out[at], text + lists, (size_t)name);
		if (n < 0)
			return (int)n;
		out[at] = text + lists;
	}
	*argv = out;
	return 0;
}
