print("nldns")
