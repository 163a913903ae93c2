/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One file that is looked at; see subject.h. */
#include "subject.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

enum {
	SCRIPT = 1 << 20, /* bytes of a script that are looked at */
	FINDINGS = 1000,
};

struct finding *subject_find(struct subject *subject, enum rule_id rule)
{
	struct finding *list, *finding;

	if (subject->n_findings == FINDINGS)
		return NULL;
	list = realloc(subject->findings, (subject->n_findings + 1) * sizeof *list);
	if (!list)
		return NULL;
	subject->findings = list;
	finding = &list[subject->n_findings++];
	*finding = (struct finding){
		.rule = rule,
		.severity = rules[rule].severity,
		.message = rules[rule].title,
		.program = subject->path,
		.count = 1,
	};
	if (subject->object) {
		finding->site.module = subject->path;
		finding->site.build_id = subject->object->build_id;
	} else {
		finding->site.script = subject->path;
	}
	return finding;
}

/* -- What is known of the file itself -- */

static void read_rights(int fd, const struct stat *st, struct rights *out)
{
	struct statvfs fs;

	out->set_user = st->st_mode & S_ISUID;
	out->set_group = (st->st_mode & S_ISGID) && (st->st_mode & S_IXGRP);
	out->user = st->st_uid;
	out->group = st->st_gid;
	out->capabilities = fgetxattr(fd, "security.capability", NULL, 0) > 0;
	out->ignored = fstatvfs(fd, &fs) == 0 && (fs.f_flag & ST_NOSUID);
}

/* The libc's own object among the libraries. */
static const struct object *libc_of(const struct subject *subject)
{
	for (size_t i = 0; i < subject->libraries.n; i++) {
		const struct object *o = subject->libraries.object[i];

		if (o->soname && !strncmp(o->soname, "libc.so", 7) && o->glibc)
			return o;
	}
	return NULL;
}

static void read_libc(struct subject *subject)
{
	const char *linker = subject->object->interpreter;
	const struct object *libc;

	if (!subject->object->dynamic)
		return;
	if (linker && strstr(linker, "/ld-musl-")) {
		subject->libc = LIBC_MUSL;
		return;
	}
	libc = libc_of(subject);
	subject->libc_version = libc ? libc->glibc : NULL;
	if (linker ? strstr(linker, "/ld-linux") || strstr(linker, "/ld64.so") ||
			     strstr(linker, "/ld.so") :
		     libc != NULL)
		subject->libc = LIBC_GLIBC;
	else if (linker)
		subject->libc = LIBC_OTHER;
}

/* What is written in it. */
static void find_built_ins(struct subject *subject)
{
	const struct object *o = subject->object;

	for (size_t i = 0; i < o->n_built_ins; i++) {
		struct finding *finding = subject_find(subject, RULE_HARDCODED_PATH);

		if (!finding)
			return;
		finding->path = o->built_ins[i].path;
		finding->site.offset = o->built_ins[i].address;
	}
}

static const struct wrong no_memory = { "cannot be read", ENOMEM };

static enum subject_outcome read_object(struct subject *subject, const struct shim *shim,
					int fd, bool deep, struct wrong *wrong)
{
	const char *what;

	/* Of a static program it is known what it does: it calls the kernel. */
	subject->object = object_read(fd, subject->path,
				      OBJECT_CODE | (deep ? OBJECT_TEXTS : 0), &what);
	if (!subject->object) {
		*wrong = what ? (struct wrong){ what, 0 } : no_memory;
		return what == object_neither ? SUBJECT_NONE : SUBJECT_WRONG;
	}
	subject->kind = subject->object->kind == OBJECT_LIBRARY ? SUBJECT_LIBRARY :
								  SUBJECT_PROGRAM;
	libraries_find(subject->object, &subject->libraries);
	read_libc(subject);
	subject_read_functions(subject);
	/* Go's texts have no end that could be seen. */
	if (deep && !subject->object->go)
		find_built_ins(subject);
	subject_judge(subject, shim);
	return SUBJECT_READ;
}

static enum subject_outcome read_text(struct subject *subject, const struct shim *shim,
				      int fd, bool deep)
{
	char *text = malloc(SCRIPT);
	enum subject_outcome outcome = SUBJECT_NONE;
	ssize_t n = text ? pread(fd, text, SCRIPT, 0) : -1;

	close(fd);
	subject->kind = SUBJECT_SCRIPT;
	if (n > 0)
		outcome = subject_read_script(subject, shim, text, (size_t)n, deep);
	free(text);
	return outcome;
}

static enum subject_outcome read_file(struct subject *subject, const struct shim *shim,
				      bool deep, struct wrong *wrong)
{
	int fd = open(subject->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	char head[SELFMAG];
	struct stat st;

	*wrong = (struct wrong){ "cannot be read", errno };
	if (fd < 0) /* a socket cannot be opened, nor can a device without a driver */
		return errno == ENXIO || errno == ENODEV ? SUBJECT_NONE : SUBJECT_WRONG;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return SUBJECT_NONE;
	}
	read_rights(fd, &st, &subject->rights);
	if (pread(fd, head, sizeof head, 0) != sizeof head ||
	    memcmp(head, ELFMAG, SELFMAG) != 0)
		return read_text(subject, shim, fd, deep);
	return read_object(subject, shim, fd, deep, wrong);
}

enum subject_outcome subject_read(const struct shim *shim, const char *path, bool deep,
				  struct subject **out, struct wrong *wrong)
{
	struct subject *subject = calloc(1, sizeof *subject);
	enum subject_outcome outcome;

	*out = NULL;
	*wrong = no_memory;
	if (!subject || !(subject->path = strdup(path))) {
		free(subject);
		return SUBJECT_WRONG;
	}
	outcome = read_file(subject, shim, deep, wrong);
	if (outcome == SUBJECT_READ)
		*out = subject;
	else
		subject_free(subject);
	return outcome;
}

void subject_free(struct subject *subject)
{
	if (!subject)
		return;
	object_free(subject->object);
	libraries_free(&subject->libraries);
	texts_free(&subject->functions.covered);
	texts_free(&subject->functions.newer);
	texts_free(&subject->owned);
	texts_free(&subject->reasons);
	free(subject->findings);
	free(subject->interpreter);
	free(subject->path);
	free(subject);
}
