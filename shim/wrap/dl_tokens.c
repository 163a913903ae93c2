/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the linker expands; see dl_tokens.h. */
#define _GNU_SOURCE
#include "wrap/dl_tokens.h"
#include "core/sys.h"
#include "wrap/symbols.h"
#include "wrap/wrap.h"

#include <link.h>
#include <sys/auxv.h>

#ifdef __GLIBC__

struct text_out {
	char *at, *end;
};

static bool put(struct text_out *out, const char *text, size_t len)
{
	if ((size_t)(out->end - out->at) <= len)
		return false;
	memcpy(out->at, text, len);
	out->at += len;
	*out->at = '\0';
	return true;
}

/* The length of a path's directory, without the last slash. */
static size_t directory_of(const char *path, size_t len)
{
	const char *slash = text_last(path, '/', len);

	return slash ? (size_t)(slash - path) : 0;
}

/* The directory of the object that asks: the linker's "$ORIGIN". */
static bool put_origin(struct text_out *out, const void *caller)
{
	const struct link_map *map = symbols_object_of(caller);
	const char *name = map ? map->l_name : "";
	char program[PATH_MAX];
	size_t len = strlen(name);

	if (!len) {
		const ssize_t n = sys_readlinkat(AT_FDCWD, "/proc/self/exe", program,
						 sizeof program);

		name = program;
		len = n > 0 && (size_t)n < sizeof program ? (size_t)n : 0;
	}
	len = directory_of(name, len);
	/* A program in "/" has that as its directory. */
	return len ? put(out, name, len) : put(out, "/", 1);
}

/* "$LIB" is where libc is: "lib64", "lib/x86_64-linux-gnu". */
static bool put_lib(struct text_out *out)
{
	const struct link_map *libc =
		symbols_object_of(symbols_next(symbols_own(), "abort", NULL));
	const char *name = libc ? libc->l_name : "", *below = text_after(name, "/usr");
	size_t len;

	name = below ? below : name;
	name += *name == '/';
	len = directory_of(name, strlen(name));
	return len ? put(out, name, len) : put(out, "lib", 3);
}

static bool put_platform(struct text_out *out)
{
	const char *platform = (const char *)getauxval(AT_PLATFORM);

	return !platform || put(out, platform, strlen(platform));
}

/* If AT begins with $NAME or ${NAME}, returns its length. */
static size_t token(const char *at, const char *name)
{
	const bool braces = at[1] == '{';
	const char *end = text_after(at + 1 + braces, name);

	if (!end)
		return 0;
	if (braces)
		return *end == '}' ? (size_t)(end + 1 - at) : 0;
	/* It must not go on as a word does. */
	if ((*end >= '0' && *end <= '9') || *end == '_' ||
	    ((*end | 0x20) >= 'a' && (*end | 0x20) <= 'z'))
		return 0;
	return (size_t)(end - at);
}

bool tokens_expand(const char *file, const void *caller, char out[PATH_MAX])
{
	struct text_out to = { out, out + PATH_MAX };
	size_t n;

	for (const char *at = file; *at; at += n) {
		bool fits;

		if (*at != '$') {
			n = strcspn(at, "$");
			fits = put(&to, at, n);
		} else if ((n = token(at, "ORIGIN"))) {
			fits = put_origin(&to, caller);
		} else if ((n = token(at, "LIB"))) {
			fits = put_lib(&to);
		} else if ((n = token(at, "PLATFORM"))) {
			fits = put_platform(&to);
		} else {
			n = 1;
			fits = put(&to, at, n);
		}
		if (!fits)
			return false;
	}
	return true;
}

#else

/* musl's linker takes a path as it is. */
bool tokens_expand(const char *file, const void *caller, char out[PATH_MAX])
{
	const size_t len = strlen(file);

	(void)caller;
	if (len >= PATH_MAX)
		return false;
	memcpy(out, file, len + 1);
	return true;
}

#endif
