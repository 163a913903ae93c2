/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * As ld.so(8) and musl's linker search: the directories of the objects that ask, then those
 * of all. LD_LIBRARY_PATH is the caller's affair, and is not looked at; nor are libraries
 * that a program loads later.
 */
#include "libraries.h"
#include "ld_cache.h"
#include "policy/text.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST = 1024 };

/* -- What has been read -- */

/* Each file once; those that could not be read have no object. */
struct known {
	dev_t device;
	ino_t inode;
	struct object *object;
};

static struct known *known;
static size_t n_known;

static struct object *read_once(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct known *list;
	const char *wrong;
	struct stat st;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return NULL;
	}
	for (size_t i = 0; i < n_known; i++)
		if (known[i].inode == st.st_ino && known[i].device == st.st_dev) {
			close(fd);
			return known[i].object;
		}
	list = realloc(known, (n_known + 1) * sizeof *list);
	if (!list) {
		close(fd);
		return NULL;
	}
	known = list;
	known[n_known] = (struct known){ st.st_dev, st.st_ino, NULL };
	known[n_known].object = object_read(fd, path, OBJECT_CODE, &wrong);
	return known[n_known++].object;
}

/* -- Where they are looked for -- */

/* One search. */
struct search {
	const struct object *program;
	struct libraries *out;
	const struct object **by; /* for each that was found: who asked for it first */
	bool musl;
};

/* The object at PATH if it is for the program's machine. */
static const struct object *try_path(const struct search *s, const char *path)
{
	const struct object *object = read_once(path);

	return object && object_alike(object, s->program) ? object : NULL;
}

static const struct object *try_file(const struct search *s, const char *directory,
				     size_t len, const char *name)
{
	char path[2 * PATH_MAX];

	if (snprintf(path, sizeof path, "%.*s/%s", (int)len, directory, name) >=
	    (int)sizeof path)
		return NULL;
	return try_path(s, path);
}

/* What "$LIB" stands for, by the name of the program's dynamic linker. */
static const char *lib_of(const struct search *s)
{
	if (s->program->class == ELFCLASS32)
		return access("/lib/i386-linux-gnu", F_OK) == 0 ? "lib/i386-linux-gnu" :
								  "lib";
	if (access("/lib/x86_64-linux-gnu", F_OK) == 0 &&
	    s->program->machine == EM_X86_64)
		return "lib/x86_64-linux-gnu";
	return access("/lib64", F_OK) == 0 ? "lib64" : "lib";
}

/* If TEXT begins with $NAME or ${NAME}, returns its length. */
static size_t variable(const char *text, const char *name)
{
	const bool braces = text[0] == '$' && text[1] == '{';
	const size_t len = strlen(name), at = braces ? 2 : 1;

	if (text[0] != '$' || strncmp(text + at, name, len) != 0)
		return 0;
	if (braces)
		return text[at + len] == '}' ? at + len + 1 : 0;
	return at + len;
}

/* The directory of OBJECT; a program's is where no link leads on. */
static const char *origin_of(const struct search *s, const struct object *object,
			     char room[PATH_MAX])
{
	char *slash;

	if (object != s->program || !realpath(object->path, room))
		snprintf(room, PATH_MAX, "%s", object->path);
	slash = strrchr(room, '/');
	if (slash)
		*slash = '\0';
	return slash ? room : ".";
}

/* Puts the directory DIR, of LEN bytes, of OBJECT's list into OUT with what stands in it. */
static bool expand(const struct search *s, const struct object *object, const char *dir,
		   size_t len, char out[PATH_MAX])
{
	char room[PATH_MAX];
	size_t to = 0;

	for (size_t i = 0; i < len;) {
		size_t origin = variable(dir + i, "ORIGIN"),
		       lib = variable(dir + i, "LIB");
		const char *put = dir + i;
		size_t n = 1;

		if (origin) {
			put = origin_of(s, object, room);
			n = strlen(put);
		} else if (lib) {
			put = lib_of(s);
			n = strlen(put);
		}
		if (to + n >= PATH_MAX)
			return false;
		memcpy(out + to, put, n);
		to += n;
		i += origin + lib ? origin + lib : 1;
	}
	out[to] = '\0';
	return true;
}

/* Looks through LIST, directories with colons between, which OBJECT has. */
static const struct object *try_list(const struct search *s, const struct object *object,
				     const char *list, const char *name)
{
	while (list && *list) {
		size_t len = strcspn(list, ":");
		const struct object *found = NULL;
		char dir[PATH_MAX];

		if (len && expand(s, object, list, len, dir))
			found = try_file(s, dir, strlen(dir), name);
		if (found)
			return found;
		list += len + (list[len] == ':');
	}
	return NULL;
}

static const struct object *asked_by(const struct search *s, const struct object *object)
{
	for (size_t i = 0; i < s->out->n; i++)
		if (s->out->object[i] == object)
			return s->by[i];
	return NULL;
}

/* The directories of the object that asks and, of the old kind, of all that asked for it. */
static const struct object *try_own(const struct search *s, const struct object *asker,
				    const char *name)
{
	const struct object *found = NULL;

	for (const struct object *o = asker; o && !found; o = asked_by(s, o))
		if (s->musl)
			found = try_list(s, o, o->runpath ? o->runpath : o->rpath, name);
		else if (!asker->runpath && !o->runpath)
			found = try_list(s, o, o->rpath, name);
	if (!found && !s->musl)
		found = try_list(s, asker, asker->runpath, name);
	return found;
}

/* What musl has in the place of a cache: a file of directories, a line each. */
static const struct object *try_musl(const struct search *s, const char *name)
{
	static const char usual[] = "/lib:/usr/local/lib:/usr/lib";
	const char *linker = s->program->interpreter;
	const char *base = strrchr(linker, '/');
	char path[PATH_MAX], text[PATH_MAX] = "";
	FILE *file;

	/* /lib/ld-musl-x86_64.so.1: /etc/ld-musl-x86_64.path */
	if (!base || snprintf(path, sizeof path, "/etc%.*s.path", (int)strcspn(base, "."),
			      base) >= (int)sizeof path)
		return try_list(s, s->program, usual, name);
	file = fopen(path, "re");
	if (!file)
		return try_list(s, s->program, usual, name);
	text[fread(text, 1, sizeof text - 1, file)] = '\0';
	fclose(file);
	for (char *at = text; (at = strchr(at, '\n'));)
		*at = ':';
	return try_list(s, s->program, text, name);
}

static const struct object *try_cache(const struct search *s, const char *name)
{
	const struct object *found = NULL;
	const char *path;
	unsigned at = 0;

	while (!found && (path = ld_cache_next(name, &at)))
		found = try_path(s, path);
	return found;
}

static const struct object *try_all(const struct search *s, const char *name)
{
	char usual[128];
	const struct object *found;

	if (s->musl)
		return try_musl(s, name);
	found = try_cache(s, name);
	if (found)
		return found;
	snprintf(usual, sizeof usual, "/%s:/usr/%s:/lib:/usr/lib", lib_of(s), lib_of(s));
	return try_list(s, s->program, usual, name);
}

static const struct object *find(const struct search *s, const struct object *asker,
				 const char *name)
{
	const char *linker = s->program->interpreter;
	const struct object *found;

	if (strchr(name, '/'))
		return try_path(s, name);
	/* musl's libc is its dynamic linker. */
	if (s->musl && (!strcmp(name, "libc.so") || !strncmp(name, "libc.musl-", 10)))
		return try_path(s, linker);
	found = try_own(s, asker, name);
	return found ? found : try_all(s, name);
}

/* -- All of them -- */

/* Whether NAME is there already, by its own name for itself or by its file's. */
static bool is_there(const struct libraries *libraries, const char *name)
{
	for (size_t i = 0; i < libraries->n; i++) {
		const struct object *o = libraries->object[i];

		if ((o->soname && !strcmp(o->soname, name)) ||
		    !strcmp(text_base(o->path), name))
			return true;
	}
	return false;
}

static bool has(const struct libraries *libraries, const struct object *object)
{
	for (size_t i = 0; i < libraries->n; i++)
		if (libraries->object[i] == object)
			return true;
	return false;
}

static void add_needed(struct search *s, const struct object *asker)
{
	struct libraries *out = s->out;

	for (size_t i = 0; i < asker->needed.n && out->n < MOST; i++) {
		const char *name = asker->needed.text[i];
		const struct object *object;

		if (is_there(out, name))
			continue;
		object = find(s, asker, name);
		if (!object) {
			if (!texts_have(&out->missing, name))
				texts_add(&out->missing, "%s", name);
		} else if (!has(out, object) && object != s->program) {
			s->by[out->n] = asker;
			out->object[out->n++] = object;
		}
	}
}

void libraries_find(const struct object *program, struct libraries *out)
{
	struct search s = {
		.program = program,
		.out = out,
		.musl = program->interpreter && strstr(program->interpreter, "ld-musl-"),
	};

	memset(out, 0, sizeof *out);
	if (!program->dynamic)
		return;
	out->object = calloc(MOST, sizeof *out->object);
	s.by = calloc(MOST, sizeof *s.by);
	if (out->object && s.by) {
		add_needed(&s, program);
		for (size_t i = 0; i < out->n; i++)
			add_needed(&s, out->object[i]);
	}
	free(s.by);
}

void libraries_free(struct libraries *libraries)
{
	texts_free(&libraries->missing);
	free(libraries->object);
}

bool library_is_libc(const struct object *object)
{
	static const char *const names[] = {
		"libc.so",
		"libc.musl-",
		"ld-linux",
		"ld-musl-",
		"ld64.so",
		"ld.so",
		"libpthread.so",
		"librt.so",
		"libdl.so",
		"libm.so",
		"libutil.so",
		"libresolv.so",
		"libnsl.so.1",
		"libanl.so",
		"libmvec.so",
		"libnss_files.so",
		"libnss_dns.so",
		"libnss_compat.so",
		"libthread_db.so",
		"libc_malloc_debug.so",
		"libBrokenLocale.so",
	};
	const char *name = object->soname ? object->soname : text_base(object->path);

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strncmp(name, names[i], strlen(names[i])))
			return true;
	return false;
}
