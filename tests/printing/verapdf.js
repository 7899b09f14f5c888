// Validate the PDFs that are named as arguments; a line of JSON for each of them and each standard.
// Rhino runs it, which comes with veraPDF: veraPDF's own command line is not on Maven Central.
var Flavour = Packages.org.verapdf.pdfa.flavours.PDFAFlavour;
Packages.org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider.initialise();
var foundry = Packages.org.verapdf.pdfa.Foundries.defaultInstance();

function validated(name, flavour) {
  var parser = foundry.createParser(new java.io.FileInputStream(name), flavour);
  try {
    var result = foundry.createValidator(flavour, false).validate(parser);
    var failures = {};
    for (var each = result.getTestAssertions().iterator(); each.hasNext();) {
      var assertion = each.next();
      if (String(assertion.getStatus().name()) === "FAILED") {
        failures[String(assertion.getRuleId().getClause())] = String(assertion.getMessage());
      }
    }
    return { compliant: result.isCompliant(), checks: result.getTotalAssertions(), failures: failures };
  } finally {
    parser.close();
  }
}

var names = arguments;
[Flavour.PDFA_2_A, Flavour.PDFUA_1].forEach(function (flavour) {
  for (var i = 0; i < names.length; i++) {
    var found = validated(names[i], flavour);
    found.name = String(names[i]);
    found.standard = String(flavour.getId());
    print(JSON.stringify(found));
  }
});
