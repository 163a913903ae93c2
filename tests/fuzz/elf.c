/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libFuzzer's target for what privtmp check reads: an ELF file, and a script. Whatever is
 * in them, all that is said of them lies within what was read, and the time is bounded by
 * its size. The first byte tells which.
 */
#include "binary/script.h"
#include "binary/subject.h"
#include "core/owner.h"
#include "gen/covered.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* What is not looked at here. */
const char *const covered_anywhere[] = { "open", "mkdir", NULL };
const char covered_newest_glibc[] = "2.43";
const struct covered_reviewed covered_reviewed[] = { { NULL, NULL } };
const char policy_default_share[] = "/tmp/.X11-unix:/tmp/ssh-????????????";

ssize_t sys_pread(int fd, void *buf, size_t size, long offset)
{
	return pread(fd, buf, size, offset);
}

bool owner_gives_rights(unsigned uid, unsigned gid)
{
	(void)uid;
	(void)gid;
	return true;
}

static void expect(int holds)
{
	if (!holds)
		abort();
}

/* A text that ends, read whole: the sanitizer sees where it lies. */
static void use(const char *text)
{
	static volatile size_t sum;

	sum += text ? strlen(text) : 0;
}

static void use_object(const struct object *o)
{
	use(o->interpreter);
	use(o->soname);
	use(o->rpath);
	use(o->runpath);
	use(o->build_id);
	use(o->glibc);
	use(object_machine(o));
	for (size_t i = 0; i < o->needed.n; i++)
		use(o->needed.text[i]);
	for (size_t i = 0; i < o->n_imports; i++) {
		use(o->imports[i].name);
		use(o->imports[i].version);
	}
	for (size_t i = 0; i < o->n_built_ins; i++)
		expect(strchr(o->built_ins[i].path, '/') == o->built_ins[i].path);
	expect(o->kind == OBJECT_PROGRAM || o->kind == OBJECT_LIBRARY);
}

static void elf(const uint8_t *data, size_t size)
{
	int fd = memfd_create("elf", MFD_CLOEXEC);
	const char *wrong = NULL;
	struct object *object;

	expect(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	object = object_read(fd, "elf", OBJECT_CODE | OBJECT_TEXTS, &wrong);
	if (object)
		use_object(object);
	else
		expect(wrong && *wrong);
	object_free(object);
}

static void script(const uint8_t *data, size_t size)
{
	struct subject *subject = calloc(1, sizeof *subject);
	char *text = malloc(size);

	expect(subject && text);
	memcpy(text, data, size);
	subject->path = strdup("script.sh");
	subject->kind = SUBJECT_SCRIPT;
	script_read_lines(subject, data[0] % LANGUAGE_OTHER, text, size);
	for (size_t i = 0; i < subject->n_findings; i++) {
		const struct finding *f = &subject->findings[i];

		use(f->path);
		use(f->message);
		use(f->call);
		expect(f->rule < RULES && f->site.script_line > 0);
	}
	subject_free(subject);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2)
		return 0;
	if (data[0] == 0x7f)
		elf(data, size);
	else
		script(data, size);
	return 0;
}
