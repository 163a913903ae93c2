/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whether the shim gets into a program, and sees what it does (tools/program.c, tools/reach.c):
 * by files of both word sizes that are made here, and by their rights. See direct.h.
 */
#define clear clear_program /* direct.h has another one */
#include "../../tools/program.c"
#undef clear
#include "../../tools/reach.c"

#include "direct.h"

#include <grp.h>

#include <linux/capability.h>

/* -- What reach.c asks of the code: "P" in it is a path for the kernel, "U" io_uring -- */

static struct {
	enum code_machine machine;
	size_t parts, bytes;
} scanned;

void code_scan(const struct code *code, struct code_calls *out)
{
	scanned.machine = code->machine;
	scanned.parts++;
	scanned.bytes += code->size;
	out->paths[0] |= memchr(code->bytes, 'P', code->size) != NULL;
	out->io_uring |= memchr(code->bytes, 'U', code->size) != NULL;
}

/* -- Files -- */

struct segment {
	uint32_t type, flags;
	const char *bytes;
	size_t size; /* 0: of the text BYTES */
};

struct made {
	bool narrow; /* 32 bits */
	uint16_t machine;
	struct segment segment[4];
};

/* The rest of FILE's header, of N segments, in the size that the words of CLASS have. */
#define FILL_HEAD(class) \
	do { \
		class##_Ehdr head; \
\
		memcpy(&head, file, sizeof head); \
		head.e_type = ET_DYN; \
		head.e_machine = made->machine; \
		head.e_version = EV_CURRENT; \
		head.e_phoff = head.e_ehsize = sizeof head; \
		head.e_phentsize = sizeof(class##_Phdr); \
		head.e_phnum = (class##_Half)n; \
		memcpy(file, &head, sizeof head); \
	} while (0)

/* Headers, and behind them each segment's bytes. */
static void make_elf(const char *path, const struct made *made)
{
	static char file[1 << 20];
	size_t at = 1024;
	int n = 0;

	memset(file, 0, sizeof file);
	memcpy(file, ELFMAG, SELFMAG);
	file[EI_CLASS] = made->narrow ? ELFCLASS32 : ELFCLASS64;
	file[EI_DATA] = ELFDATA2LSB;
	file[EI_VERSION] = EV_CURRENT;
	for (const struct segment *s = made->segment; s->type; s++, n++) {
		const size_t size = s->size ? s->size : strlen(s->bytes);

		MUST(at + size <= sizeof file);
		memset(file + at, 'x', s->type == PT_LOAD ? size : 0);
		memcpy(file + at, s->bytes, s->size ? strnlen(s->bytes, size) : size);
		if (made->narrow) {
			const Elf32_Phdr phdr = { .p_type = s->type,
						  .p_flags = s->flags,
						  .p_offset = (Elf32_Off)at,
						  .p_filesz = (Elf32_Word)size };

			memcpy(file + sizeof(Elf32_Ehdr) + (size_t)n * sizeof phdr, &phdr,
			       sizeof phdr);
		} else {
			const Elf64_Phdr phdr = { .p_type = s->type,
						  .p_flags = s->flags,
						  .p_offset = at,
						  .p_filesz = size };

			memcpy(file + sizeof(Elf64_Ehdr) + (size_t)n * sizeof phdr, &phdr,
			       sizeof phdr);
		}
		at += size;
	}
	if (made->narrow)
		FILL_HEAD(Elf32);
	else
		FILL_HEAD(Elf64);
	write_bytes(path, file, at, 0755);
}

#define GLIBC \
	{ \
		.type = PT_INTERP, .bytes = "/lib64/ld-linux.so" \
	}
#define MUSL \
	{ \
		.type = PT_INTERP, .bytes = "/lib/ld-musl-x86_64.so.1" \
	}
#define CODE(text) \
	{ \
		.type = PT_LOAD, .flags = PF_R | PF_X, .bytes = text \
	}

/* -- What reaches it -- */

static struct shim shim;

static void shims(bool narrow)
{
	const struct made of = { .narrow = narrow,
				 .machine = narrow ? EM_386 : EM_X86_64,
				 .segment = { CODE("x") } };

	memset(&shim, 0, sizeof shim);
	make_elf("/tmp/shim", &of);
	MUST(program_look("/tmp/shim", &shim.program) == 0);
	TEXT_IS("path", shim.program.path, "/tmp/shim");
}

static const char *const reached[] = { "covered", "partly", "not-covered" };

static void reaches(void)
{
	static const struct {
		struct made of;
		enum reach reach;
		const char *reason; /* its beginning */
	} rows[] = {
		{ { .machine = EM_X86_64, .segment = { GLIBC, CODE("x") } },
		  REACH_ALL,
		  NULL },
		{ { .machine = EM_X86_64, .segment = { GLIBC, CODE("P") } },
		  REACH_PART,
		  "its code has" },
		{ { .machine = EM_X86_64, .segment = { GLIBC, CODE("U") } },
		  REACH_PART,
		  "its code has" },
		/* In data it is none. */
		{ { .machine = EM_X86_64,
		    .segment = { GLIBC,
				 { .type = PT_LOAD, .flags = PF_R, .bytes = "P" } } },
		  REACH_ALL,
		  NULL },
		{ { .machine = EM_X86_64, .segment = { CODE("x") } },
		  REACH_NONE,
		  "statically linked" },
		{ { .machine = EM_X86_64, .segment = { MUSL, CODE("x") } },
		  REACH_NONE,
		  "made for musl" },
		{ { .machine = EM_X86_64,
		    .segment = { GLIBC,
				 { .type = PT_NOTE, .bytes = "xxxxGo\0\0", .size = 8 } } },
		  REACH_NONE,
		  "a Go program" },
		{ { .machine = EM_X86_64,
		    .segment = { GLIBC,
				 { .type = PT_LOAD,
				   .flags = PF_R | PF_W,
				   .bytes = "xx\xff Go buildinf:" } } },
		  REACH_NONE,
		  "a Go program" },
		{ { .machine = EM_386, .narrow = true, .segment = { GLIBC, CODE("x") } },
		  REACH_NONE,
		  "a 32-bit program" },
		{ { .machine = EM_X86_64, .narrow = true, .segment = { GLIBC } },
		  REACH_NONE,
		  "a 32-bit program" },
		{ { .machine = EM_AARCH64, .segment = { GLIBC, CODE("x") } },
		  REACH_NONE,
		  "made for another kind" },
	};
	const char *reason;

	shims(false);
	/* musl's own programs have their loader's name; these rows are glibc's. */
	if (shim_is_musl)
		return;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct program program;
		char what[32];

		snprintf(what, sizeof what, "row %zu", i);
		make_elf("/tmp/prog", &rows[i].of);
		IS(program_inspect("/tmp/prog", &program), 0);
		TEXT_IS(what, reach_word(program_reach(&shim, &program, &reason)),
			reached[rows[i].reach]);
		IS(reason != NULL, rows[i].reason != NULL);
		if (reason && rows[i].reason &&
		    strncmp(reason, rows[i].reason, strlen(rows[i].reason)) != 0)
			TEXT_IS(what, reason, rows[i].reason);
	}
	/* What is no program shows what it is when it runs. */
	write_bytes("/tmp/text", "text", 4, 0755);
	IS(program_inspect("/tmp/text", &(struct program){ .known = true }), 0);
	IS(program_reach(&shim, &(struct program){ .known = false }, &reason), REACH_ALL);
	TEXT_IS("door", door_word(DOOR_MOUNT), "mount");
}

/* Of both sizes, with a shim of each. */
static void both_sizes(void)
{
	static const struct made narrow = { .narrow = true,
					    .machine = EM_386,
					    .segment = { GLIBC, CODE("x") } },
				 wide = { .machine = EM_X86_64,
					  .segment = { GLIBC, CODE("x") } },
				 strange = { .machine = EM_ARM,
					     .narrow = true,
					     .segment = { GLIBC } };
	struct program program;
	const char *remedy;

	for (int of = 0; of < 2; of++) {
		shims(of == 0);
		make_elf("/tmp/prog", of == 0 ? &wide : &narrow);
		MUST(program_inspect("/tmp/prog", &program) == 0);
		TEXT_IS("without", shim_obstacle(&shim, &program, &remedy),
			of == 0 ? "a 64-bit program, and the shim is 32-bit" :
				  "a 32-bit program, and the shim is 64-bit");
		TRUE(strstr(remedy,
			    of == 0 ? "install the 64-bit" : "install the 32-bit"));
		/* That there is one helps only if it can be read, and is for that machine. */
		strcpy(shim.other, "/tmp/none");
		TRUE(shim_obstacle(&shim, &program, &remedy));
		strcpy(shim.other, "/tmp/other");
		make_elf("/tmp/other", &strange);
		TRUE(shim_obstacle(&shim, &program, &remedy));
		make_elf("/tmp/other", of == 0 ? &wide : &narrow);
		TRUE(!shim_obstacle(&shim, &program, &remedy));
	}
	/* The other byte order is another machine. */
	shims(false);
	make_elf("/tmp/prog", &wide);
	MUST(program_inspect("/tmp/prog", &program) == 0);
	TRUE(!shim_obstacle(&shim, &program, &remedy));
	program.order = ELFDATA2MSB;
	TEXT_IS("order", shim_obstacle(&shim, &program, &remedy),
		"made for another kind of machine than the shim");
}

static void linkers(void)
{
	const char *reason;
	struct program program = { .known = true, .is_linker = true };

	shims(false);
	program.class = shim.program.class;
	program.order = shim.program.order;
	program.machine = shim.program.machine;
	IS(program_reach(&shim, &program, &reason), REACH_ALL);
	program.script = true;
	IS(program_reach(&shim, &program, &reason), REACH_PART);
	TRUE(strstr(reason, "a script for a dynamic linker"));
	program.secure = true;
	IS(program_reach(&shim, &program, &reason), REACH_NONE);
	TRUE(strstr(reason, "set-user-ID"));
}

/* -- Code -- */

static void code_of_machines(void)
{
	static const struct {
		uint16_t machine;
		bool narrow;
		enum code_machine code;
		bool scanned;
	} rows[] = { { EM_X86_64, false, CODE_X86_64, true },
		     { EM_386, true, CODE_I386, true },
		     { EM_AARCH64, false, CODE_ARM64, true },
		     { EM_PPC64, false, CODE_X86_64, false } };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct made of = {
			.machine = rows[i].machine,
			.narrow = rows[i].narrow,
			.segment = { GLIBC,
				     CODE("xPx"),
				     { .type = PT_LOAD, .flags = PF_W, .bytes = "data" } }
		};
		struct program program;

		make_elf("/tmp/prog", &of);
		MUST(program_inspect("/tmp/prog", &program) == 0);
		memset(&scanned, 0, sizeof scanned);
		IS(calls_kernel(&program), rows[i].scanned);
		/* Of what can be executed, and nothing else. */
		IS(scanned.bytes, rows[i].scanned ? 3 : 0);
		IS(scanned.machine, rows[i].scanned ? rows[i].code : 0);
	}
}

static void note_part(const unsigned char *bytes, size_t size, void *data)
{
	struct code_calls calls = { .instructions = 0 };

	(void)data;
	code_scan(&(struct code){ .bytes = bytes, .size = size }, &calls);
}

static void limits_of_code(void)
{
	static const size_t large = ROOM + 1000;
	const struct made of = { .machine = EM_X86_64,
				 .segment = { CODE("abc"),
					      { .type = PT_LOAD,
						.flags = PF_X,
						.bytes = "y",
						.size = large } } };
	struct program program;

	make_elf("/tmp/prog", &of);
	MUST(program_inspect("/tmp/prog", &program) == 0);
	memset(&scanned, 0, sizeof scanned);
	TRUE(program_read_code(&program, large + 3, note_part, NULL));
	/* In parts of which each has the end of the one before. */
	IS(scanned.parts, 3);
	IS(scanned.bytes, large + 3 + PROGRAM_OVERLAP);
	memset(&scanned, 0, sizeof scanned);
	FALSE(program_read_code(&program, large + 2, note_part, NULL));
	IS(scanned.bytes, 3);
	FALSE(program_read_code(&program, 2, note_part, NULL));
	/* A file that is shorter than it says. */
	MUST(truncate("/tmp/prog", (off_t)ROOM) == 0);
	FALSE(program_read_code(&program, large + 3, note_part, NULL));
	MUST(truncate("/tmp/prog", 10) == 0);
	FALSE(program_read_code(&program, large, note_part, NULL));
	MUST(unlink("/tmp/prog") == 0);
	FALSE(program_read_code(&program, large, note_part, NULL));
}

/* -- Rights, interpreters, and what cannot be inspected -- */

static bool secure(const char *path)
{
	struct program program;

	IS(program_inspect(path, &program), 0);
	return program.secure;
}

static void by_a_user(void)
{
	MUST(setgroups(0, NULL) == 0);
	become(ME);
	TRUE(secure("/tmp/set-user"));
	TRUE(secure("/tmp/set-group"));
	FALSE(secure("/tmp/set-group-alone"));
	FALSE(secure("/tmp/own"));
	FALSE(secure("/tmp/plain"));
	TRUE(secure("/tmp/capable"));
	/* One that cannot be read is seen to be set-user-ID all the same. */
	TRUE(secure("/tmp/unreadable"));
	FALSE(secure("/tmp/unreadable-plain"));
	FALSE(secure("/tmp/script"));
	IS(program_inspect("/tmp/shut/x", &(struct program){ .known = true }), EACCES);
	MUST(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	FALSE(secure("/tmp/set-user"));
}

static void rights(void)
{
	static const struct made of = { .machine = EM_X86_64, .segment = { GLIBC } };
	static const struct {
		const char *path;
		unsigned owner, mode;
	} rows[] = { { "/tmp/set-user", OTHER, 04755 },
		     { "/tmp/set-group", OTHER, 02755 },
		     { "/tmp/set-group-alone", OTHER, 02745 },
		     { "/tmp/own", ME, 06755 },
		     { "/tmp/plain", OTHER, 0755 },
		     { "/tmp/capable", 0, 0755 },
		     { "/tmp/unreadable", OTHER, 04711 },
		     { "/tmp/unreadable-plain", OTHER, 0711 },
		     { "/tmp/script", OTHER, 04755 } };
	const struct vfs_cap_data able = {
		.magic_etc = VFS_CAP_REVISION_2 | VFS_CAP_FLAGS_EFFECTIVE,
		.data = { { .permitted = 1u << CAP_CHOWN } },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (strstr(rows[i].path, "script"))
			write_bytes(rows[i].path, "#!/tmp/plain\n", 13, 0755);
		else
			make_elf(rows[i].path, &of);
		MUST(chown(rows[i].path, rows[i].owner, rows[i].owner) == 0);
		MUST(chmod(rows[i].path, rows[i].mode) == 0);
	}
	MUST(setxattr("/tmp/capable", "security.capability", &able, sizeof able, 0) == 0);
	make_dir("/tmp/shut", 0, 0700);
	in_child(by_a_user);
	/* Root has no more by capabilities; and where a mount says so, the bits are ignored. */
	FALSE(secure("/tmp/capable"));
	TRUE(secure("/tmp/set-user"));
	MUST(mount(NULL, "/tmp", NULL, MS_REMOUNT | MS_NOSUID, "mode=1777") == 0);
	FALSE(secure("/tmp/set-user"));
}

static void scripts(void)
{
	static char longest[PATH_MAX + 8];
	static const struct {
		const char *text;
		int error;
		const char *path; /* what runs in the end */
		bool script;
	} rows[] = {
		{ "#!/tmp/plain\n", 0, "/tmp/plain", true },
		{ "#! \t/tmp/plain -x\n", 0, "/tmp/plain", true },
		{ "#!/tmp/other\n", 0, "/tmp/plain", true },
		{ "#!/tmp/none\n", ENOENT, "/tmp/none", true },
		{ "#!/tmp/loop\n", ELOOP, "/tmp/loop", true },
		{ "#!\n/tmp/plain", 0, "/tmp/s", false },
		{ "#!  ", 0, "/tmp/s", false },
		{ "# /tmp/plain", 0, "/tmp/s", false },
		{ "!#/tmp/plain", 0, "/tmp/s", false },
		{ "", 0, "/tmp/s", false },
	};
	static const struct made of = { .machine = EM_X86_64, .segment = { GLIBC } };

	make_elf("/tmp/plain", &of);
	write_bytes("/tmp/other", "#!/tmp/plain\n", 13, 0755);
	write_bytes("/tmp/loop", "#!/tmp/loop\n", 12, 0755);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct program program;

		write_bytes("/tmp/s", rows[i].text, strlen(rows[i].text), 0755);
		IS(program_inspect("/tmp/s", &program), rows[i].error);
		TEXT_IS(rows[i].text, program.path, rows[i].path);
		IS(program.script, rows[i].script);
	}
	/* Paths that are too long, and what is no file. */
	memset(longest, 'x', sizeof longest - 1);
	IS(program_inspect(longest, &(struct program){ .known = true }), ENAMETOOLONG);
	IS(program_look(longest, &(struct program){ .known = true }), ENAMETOOLONG);
	IS(program_look("/tmp/none", &(struct program){ .known = true }), ENOENT);
	longest[PATH_MAX - 1] = '\0';
	IS(program_inspect(longest, &(struct program){ .known = true }), ENAMETOOLONG);
	IS(program_inspect("/tmp", &(struct program){ .known = true }), 0);
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "reaches", reaches },
		{ "both_sizes", both_sizes },
		{ "linkers", linkers },
		{ "code_of_machines", code_of_machines },
		{ "limits_of_code", limits_of_code },
		{ "rights", rights },
		{ "scripts", scripts },
		{ NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
