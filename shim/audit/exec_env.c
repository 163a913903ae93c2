/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The variables that an audited program needs; see exec_env.h. */
#define _GNU_SOURCE
#include "audit/exec_env.h"
#include "policy/scan.h"
#include "policy/settings.h"
#include "trace/trace.h"
#include "wrap/symbols.h"

#include <limits.h>
#include <link.h>
#include <stdbool.h>
#include <string.h>

#define PRELOAD "LD_PRELOAD="

/* The variables that this process got, as "NAME=VALUE"; empty: none. */
static char trace[PATH_MAX + sizeof TRACE_VARIABLE], mode[64], library[PATH_MAX];

static void keep(char *const *envp, const char *name, char *to, size_t size)
{
	const char *value = environment_value(envp, name);
	const size_t len = strlen(name);

	if (!value || len + strlen(value) + 2 > size)
		return;
	memcpy(to, name, len);
	to[len] = '=';
	strcpy(to + len + 1, value);
}

void audit_env_start(char *const *envp)
{
	const struct link_map *own = symbols_own();

	keep(envp, TRACE_VARIABLE, trace, sizeof trace);
	keep(envp, "PRIVTMP_MODE", mode, sizeof mode);
	if (own && own->l_name[0] == '/' && strlen(own->l_name) < sizeof library)
		strcpy(library, own->l_name);
}

static bool is_named(const char *entry, const char *like)
{
	const size_t len = text_until(like, "=");

	return like[0] && !strncmp(entry, like, len + 1);
}

/* Whether an LD_PRELOAD names the library, by any path. */
static bool has_library(const char *entry)
{
	return strstr(entry, "libprivtmp-audit.so") != NULL;
}

/* The size of an LD_PRELOAD after the library is added; 0: it has the library. */
static size_t preload_size(const char *entry)
{
	if (!is_named(entry, PRELOAD) || has_library(entry) || !library[0])
		return 0;
	return strlen(entry) + strlen(library) + 2;
}

size_t audit_env_plan(struct audit_env *env, char *const *envp)
{
	static char *const none[] = { NULL };
	size_t n = 0;
	bool has_trace = false, has_mode = !mode[0], has_preload = false, changes = false;

	env->from = envp ? envp : none;
	env->entries = 0;
	env->bytes = 0;
	if (!view_vector_probe(envp)) /* the kernel says so */
		return 1;
	for (; env->from[n]; n++) {
		const char *entry = env->from[n];
		const size_t more = preload_size(entry);

		has_trace |= !strcmp(entry, trace);
		has_mode |= !strcmp(entry, mode);
		has_preload |= is_named(entry, PRELOAD);
		changes |= more != 0;
		env->bytes += more;
	}
	if (!has_preload)
		env->bytes += sizeof PRELOAD + strlen(library);
	env->entries = has_trace && has_mode && has_preload && !changes ? 0 : n + 4;
	return env->entries + env->bytes / sizeof(char *) + 1;
}

char *const *audit_env_fill(struct audit_env *env, void *room)
{
	char **vector = room, *text = (char *)(vector + env->entries);
	bool preloaded = false;
	size_t to = 0;

	if (!env->entries)
		return env->from;
	for (size_t i = 0; env->from[i]; i++) {
		char *entry = env->from[i];

		if (is_named(entry, trace) || is_named(entry, mode))
			continue;
		preloaded |= is_named(entry, PRELOAD);
		if (preload_size(entry)) {
			char *end = text_put(text_put(text, PRELOAD), library);

			if (entry[sizeof PRELOAD - 1])
				*end++ = ':';
			end = text_put(end, entry + sizeof PRELOAD - 1);
			entry = text;
			text = end + 1;
		}
		vector[to++] = entry;
	}
	if (!preloaded && library[0]) {
		text_put(text_put(text, PRELOAD), library);
		vector[to++] = text;
	}
	if (trace[0])
		vector[to++] = trace;
	if (mode[0])
		vector[to++] = mode;
	vector[to] = NULL;
	return vector;
}
