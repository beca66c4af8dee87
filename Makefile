# shopper. `make help` lists the targets; VARIANT=release|debug|asan|clang, V=1 shows commands.
VARIANT ?= release
BUILD := build
B := $(BUILD)/$(VARIANT)
PREFIX ?= /usr/local
Q := $(if $(V),,@)
MAKEFLAGS += --no-builtin-rules
.SUFFIXES:
.DELETE_ON_ERROR:
.SECONDARY:
.DEFAULT_GOAL := all

CC.release := gcc
CC.debug := gcc
CC.asan := gcc
CC.clang := clang
CC.fuzz := clang
CC.tsan := clang
FLAGS.release := -O2 -g
FLAGS.debug := -O0 -g3
FLAGS.asan := -O1 -g3 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
FLAGS.clang := -O1 -g
FLAGS.tsan := -O1 -g -fsanitize=thread
FLAGS.fuzz := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
$(if $(FLAGS.$(VARIANT)),,$(error VARIANT must be release, debug, asan, clang, tsan or fuzz))
CC := $(CC.$(VARIANT))

WARN := -Wall -Wextra -Werror -Wshadow -Wvla -Wformat=2 -Wwrite-strings -Wstrict-prototypes \
        -Wmissing-prototypes -Wpointer-arith -Wundef
PKGS := libcurl libpsl libpcre2-8 jansson yaml-0.1 libuv gumbo gmime-3.0 libutf8proc libcrypto libmicrohttpd sqlite3
# Other people's headers are system headers: our warnings are about our code.
# One question a package: what only the tests need may be missing.
PKG_CFLAGS := $(subst -I,-isystem ,$(sort $(foreach p,$(PKGS) cmocka,\
                  $(shell pkg-config --cflags $(p) 2>/dev/null))))
VERSION := $(shell cat VERSION)
ALL_CFLAGS := -std=c11 -pedantic -I. -D_POSIX_C_SOURCE=200809L -DSHOPPER_VERSION='"$(VERSION)"' \
              $(WARN) $(FLAGS.$(VARIANT)) $(PKG_CFLAGS) $(CFLAGS)
LIBS := $(shell pkg-config --libs $(PKGS) 2>/dev/null) -lwslay -ljq -lm
LINK = $(CC) $(FLAGS.$(VARIANT)) $(LDFLAGS) -Wl,--as-needed -o $@ $(1) $(2)

# The rooms (shared words: README). Each links only with those below it, so a test of one room
# cannot reach over it; ci/check-layers reads the #include lines too.
ROOMS := base model load loop channels read play judge store cli reporters
BELOW.base :=
BELOW.model := base
BELOW.load := model base
BELOW.loop := model base
BELOW.channels := loop model base
BELOW.read := model base
BELOW.play := channels loop read model base
BELOW.judge := read model base
BELOW.store := model base
BELOW.reporters := model base
# What the tests of a room may link beside it: rooms to load their data with.
TEST_BELOW.channels := load
TEST_BELOW.judge := load
TEST_BELOW.read := load
TEST_HELP.judge := tests/unit/read/packs.c
TEST_HELP.cli := tests/unit/read/packs.c
TEST_HELP.play := tests/unit/read/packs.c
TEST_BELOW.play := load
BELOW.cli := play judge store reporters load channels loop read model base

dir_of = $(if $(filter reporters,$(1)),reporters,harness/$(1))
src_of = $(filter-out harness/cli/main.c,$(sort $(wildcard $(call dir_of,$(1))/*.c)))
obj_of = $(patsubst %.c,$B/%.o,$(call src_of,$(1))) $(if $(filter cli,$(1)),$B/prepared.o)
lib_of = $(foreach r,$(1) $(BELOW.$(1)),$B/lib/$(r).a)
# Files beside a room's tests that are not tests themselves are linked to each of them.
test_help_of = $(patsubst %.c,$B/%.o,$(TEST_HELP.$(1)) \
    $(foreach f,$(wildcard tests/unit/$(1)/*.c),$(if $(filter test_%,$(notdir $(f))),,$(f))))
test_lib_of = $(call test_help_of,$(1)) $(call lib_of,$(1)) \
    $(foreach r,$(TEST_BELOW.$(1)),$(call lib_of,$(r)))

OBJ := $(foreach r,$(ROOMS),$(call obj_of,$(r))) $B/harness/cli/main.o $B/harness/prepare/prepare.o
COMPANY_OBJ := $(patsubst %.c,$B/%.o,$(sort $(wildcard tests/company/*.c)))
TEST_SRC := $(sort $(wildcard tests/unit/*/test_*.c))
TESTS := $(patsubst %.c,$B/%,$(TEST_SRC))

.PHONY: all fuzz-programs setup demo check check-all check-long unit journeys faults lint install clean help $(addprefix unit-,$(ROOMS))

all: $(BUILD)/shopper $(BUILD)/practice-company ## Build build/shopper and the practice company (default)

$(BUILD)/%: $(BUILD)/release/%
	$(Q)ln -f $< $@

$B/shopper: $B/harness/cli/main.o $(call lib_of,cli)
	$(Q)echo "  LINK $@" && $(call LINK,$^,$(LIBS))

# The data files, typed when the program is built (harness/load/prepared.h).
$B/prepare: $B/harness/prepare/prepare.o $(call obj_of,read) $(call lib_of,load)
	$(Q)echo "  LINK $@" && $(call LINK,$^,$(LIBS))

$B/prepared.c: $B/prepare $(wildcard scenarios/lexicons/*.yaml scenarios/adapters/*.yaml \
               scenarios/expectations/*.yaml)
	$(Q)$< scenarios > $@

$B/prepared.o: $B/prepared.c
	$(Q)echo "  CC   $<" && $(CC) $(ALL_CFLAGS) -g0 -c -o $@ $<

$B/practice-company: $(COMPANY_OBJ) $B/lib/base.a
	$(Q)echo "  LINK $@" && $(call LINK,$^,$(LIBS))

define room_rules
$B/lib/$(1).a: $(call obj_of,$(1))
	$$(Q)mkdir -p $$(@D) && rm -f $$@ && ar rcs $$@ $$^
unit-$(1): $(filter $B/tests/unit/$(1)/%,$(TESTS)) ## -
	$$(Q)set -e; for t in $$^; do $$$$t; done
$(filter $B/tests/unit/$(1)/%,$(TESTS)): $B/%: $B/%.o $(call test_lib_of,$(1))
	$$(Q)echo "  LINK $$@" && $$(call LINK,$$+,$$(LIBS) -lcmocka)
endef
$(foreach r,$(ROOMS),$(eval $(call room_rules,$(r))))

$B/%.o: %.c Makefile VERSION
	$(Q)mkdir -p $(@D) && echo "  CC   $<" && $(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

setup: ## Install what is missing (Debian packages; root or sudo)
	$(Q)ci/setup

# What needs installed packages runs in a second make, so that pkg-config is asked after set-up.
demo: ## Install, build, play the example journeys against the practice company
	$(Q)ci/setup build demo
	$(Q)$(MAKE) --no-print-directory all
	$(Q)build/shopper demo --out build/demo $(if $(FAULTS),--faults $(FAULTS))

check: setup ## Install, build with gcc and clang, run every test (CI runs this)
	$(Q)$(MAKE) --no-print-directory check-all

check-all: ## -
	$(Q)ci/check-all

check-long: setup ## The long tests: fuzzing, servers of other people, browsers (parts: tests/long/*)
	$(Q)$(MAKE) --no-print-directory all
	$(Q)ci/check-long

unit: $(TESTS) ## Unit and data-driven tests, one process each
	$(Q)set -e; for t in $(TESTS); do $$t; done

journeys: all ## Journeys against the practice company
	$(Q)tests/journeys/run build/shopper

faults: all ## Every fault of the practice company is found, and nothing else
	$(Q)tests/journeys/faults build/shopper

lint: ## Layers, headers alone, banned calls
	$(Q)ci/check-layers && ci/check-style

# Fuzz targets (tests/long/fuzz): VARIANT=fuzz
FUZZ := $(patsubst %.c,$B/%,$(wildcard tests/fuzz/fuzz_*.c))
fuzz-programs: $(FUZZ) ## -
$(FUZZ): $B/%: $B/%.o $(call lib_of,cli)
	$(Q)echo "  LINK $@" && $(CC) -fsanitize=fuzzer,address,undefined $(LDFLAGS) -Wl,--as-needed \
	    -o $@ $^ $(LIBS)

# Programs that measure (tests/bench/mail-delay) or stand between us and a server (tests/long/mail-servers)
$B/tests/bench/mail_delay $B/tests/mail-servers/cut: %: %.o $(call lib_of,channels)
	$(Q)echo "  LINK $@" && $(call LINK,$^,$(LIBS))
$B/tests/bench/bare_loop $B/tests/bench/server: %: %.o
	$(Q)$(call LINK,$^,$(LIBS))
$B/tests/bench/reports: $B/tests/bench/reports.o $(call lib_of,reporters)
	$(Q)echo "  LINK $@" && $(call LINK,$^,$(LIBS))

build/shopper.1: build/shopper
	$(Q)build/shopper help man > $@

install: all build/shopper.1 ## Install into PREFIX (and DESTDIR)
	$(Q)install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/libexec/shopper \
	    $(DESTDIR)$(PREFIX)/share/man/man1
	$(Q)install -m 755 build/shopper $(DESTDIR)$(PREFIX)/bin/shopper
	$(Q)install -m 755 build/practice-company $(DESTDIR)$(PREFIX)/libexec/shopper/
	$(Q)install -m 644 build/shopper.1 $(DESTDIR)$(PREFIX)/share/man/man1/
	$(Q)cd scenarios && find . -type f -exec install -D -m 644 {} \
	    $(DESTDIR)$(PREFIX)/share/shopper/{} \;

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## [^-]/ {printf "  %-12s %s\n", $$1, $$2}' Makefile

clean: ## Remove everything that was built
	$(Q)rm -rf $(BUILD)

-include $(FUZZ:=.d) $(OBJ:.o=.d) $(COMPANY_OBJ:.o=.d) $(TESTS:=.d)
-include $(patsubst %.o,%.d,$(foreach r,$(ROOMS),$(call test_help_of,$(r))))
